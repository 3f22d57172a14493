using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Answers;

/// <summary>Reads the contents of one answer, whole or piece by piece: reasoning out of the text, calls out of the text, ids, arguments.</summary>
/// <remarks>Contents that need no change come out as they went in, in the same list.</remarks>
internal sealed class ContentReader
{
    private readonly ThinkTags? _think;
    private readonly WrittenCalls? _written;
    private readonly RouteNotes _notes;
    private readonly RouteAttempt? _attempt;
    private readonly bool _hidesReasoning;
    private bool _hasOtherContent;
    private List<TextReasoningContent>? _unclosed;
    private AnswerCallIds _ids;
    private int _withheld;

    /// <param name="rules">What is to be recognized.</param>
    /// <param name="options">What the caller asked for.</param>
    /// <param name="sent">What the endpoint was sent, where tools may have other names.</param>
    /// <param name="notes">Where changes are noted.</param>
    /// <param name="attempt">The attempt; <see langword="null"/> where nobody counts.</param>
    public ContentReader(AnswerRules rules, ChatOptions options, ChatOptions sent, RouteNotes notes, RouteAttempt? attempt)
    {
        _notes = notes;
        _attempt = attempt;
        _hidesReasoning = HiddenReasoning.IsAskedFor(options);
        if (rules.ThinkTags || rules.BeginsThinking)
            _think = new ThinkTags(rules);
        if (rules.TextToolCalls != TextToolCalls.None && NamesOf(sent) is { } names)
            _written = new WrittenCalls(rules.TextToolCalls, new WrittenCallParser(names), notes);
    }

    /// <summary>Whether a call was read that the caller is to carry out.</summary>
    public bool HasToolCalls { get; private set; }

    private int HeldLength => (_think?.HeldLength ?? 0) + (_written?.HeldLength ?? 0);

    /// <summary>The contents as the caller is to see them.</summary>
    /// <param name="contents">The contents as they came. They are not changed.</param>
    /// <param name="isLast">Whether no more text comes, so that nothing may be held back.</param>
    /// <param name="isCut">Whether the answer was cut by its length.</param>
    public IList<AIContent> Read(IList<AIContent> contents, bool isLast, bool isCut = false)
    {
        List<AIContent>? output = null;
        for (var i = 0; i < contents.Count; i++)
        {
            switch (contents[i])
            {
                case TextContent text:
                    if (Passes(text.Text))
                        output?.Add(text);
                    else
                        ReadText(text.Text, output ??= Before(contents, i));
                    break;
                case TextReasoningContent reasoning:
                    var shown = ReadReasoning(reasoning);
                    if (shown != reasoning)
                        output ??= Before(contents, i);
                    if (shown is not null)
                        output?.Add(shown);
                    break;
                case UsageContent usage:
                    output?.Add(usage);
                    break;
                default:
                    _hasOtherContent = true;
                    if (HeldLength > 0)
                        End(output ??= Before(contents, i));
                    var own = contents[i] is FunctionCallContent call ? ReadCall(call) : contents[i];
                    if (own != contents[i])
                        output ??= Before(contents, i);
                    output?.Add(own);
                    break;
            }
        }

        if (isLast && !isCut && !_hasOtherContent && _think is { IsUnclosed: true })
            AnswerUnclosed(_think, output ??= Before(contents, contents.Count));
        if (isLast && HeldLength > 0)
            End(output ??= Before(contents, contents.Count));
        Account();
        return output ?? contents;
    }

    private bool Passes(string text) => text.Length == 0 || ((_think is null || _think.Passes(text)) && (_written is null || _written.Passes(text)));

    private void ReadText(string text, List<AIContent> output)
    {
        var (thought, answer) = _think is null || _think.Passes(text) ? (null, text) : _think.Read(text);
        AddThought(thought, output);
        AddAnswer(answer, output);
    }

    private void AddThought(string? thought, List<AIContent> output)
    {
        if (thought is null || ReadReasoning(new TextReasoningContent(thought)) is not { } reasoning)
            return;

        output.Add(reasoning);
        if (_think is { IsUnclosed: true })
            (_unclosed ??= []).Add(reasoning);
    }

    private void AddAnswer(string? answer, List<AIContent> output)
    {
        if (answer is null)
            return;
        if (_written is null || _written.Passes(answer))
        {
            output.Add(new TextContent(answer));
            return;
        }

        var before = output.Count;
        _written.Read(answer, output);
        OwnCalls(output, before);
    }

    // The dialect says that answers begin inside their reasoning, and this one closed no tag: without this nothing of it would be an answer.
    private void AnswerUnclosed(ThinkTags think, List<AIContent> output)
    {
        var held = think.HeldLength;
        var text = think.TakeUnclosed();
        if (text.Length == 0)
            return;

        // What is not handed out yet becomes the answer; what was streamed as reasoning cannot be taken back and is said again.
        var waiting = 0;
        foreach (var thought in _unclosed ?? [])
        {
            if (output.Remove(thought))
                waiting += thought.Text.Length;
        }

        var repeated = text.Length - held - waiting;
        _notes.Add("The answer ended without the tag that closes its reasoning: what was taken for reasoning is the answer."
            + (repeated > 0 && !_hidesReasoning ? " It had been streamed as reasoning, and follows as text." : ""));
        if (repeated > 0)
            _attempt?.Release(repeated);
        AddAnswer(text, output);
    }

    private void End(List<AIContent> output)
    {
        if (_think is not null)
        {
            var (thought, answer) = _think.End();
            AddThought(thought, output);
            AddAnswer(answer, output);
        }

        var before = output.Count;
        _written?.End(output);
        OwnCalls(output, before);
    }

    private void OwnCalls(List<AIContent> output, int from)
    {
        for (var i = from; i < output.Count; i++)
        {
            if (output[i] is FunctionCallContent call)
                output[i] = ReadCall(call);
        }
    }

    private FunctionCallContent ReadCall(FunctionCallContent call)
    {
        HasToolCalls |= !call.InformationalOnly;
        return _ids.MakeUnique(ToolArguments.Mend(call, _notes));
    }

    private TextReasoningContent? ReadReasoning(TextReasoningContent reasoning)
    {
        if (reasoning.Text.Length > 0)
            _think?.SeeReasoning();
        if (!_hidesReasoning)
            return reasoning;

        _attempt?.Withhold(AnswerContent.Length(reasoning));
        return HiddenReasoning.WithoutText(reasoning);
    }

    /// <summary>Lets the attempt know of what has arrived and is not handed out yet.</summary>
    private void Account()
    {
        _unclosed?.Clear();
        var held = HeldLength;
        if (held == _withheld)
            return;

        if (held > _withheld)
            _attempt?.Withhold(held - _withheld);
        else
            _attempt?.Release(_withheld - held);
        _withheld = held;
    }

    private static List<AIContent> Before(IList<AIContent> contents, int index)
    {
        var before = new List<AIContent>(contents.Count + 1);
        for (var i = 0; i < index; i++)
            before.Add(contents[i]);
        return before;
    }

    private static HashSet<string>? NamesOf(ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools || options.ToolMode is NoneChatToolMode)
            return null;

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tool in tools)
        {
            if (tool is AIFunctionDeclaration function)
                names.Add(function.Name);
        }

        return names.Count > 0 ? names : null;
    }
}
