using System.Text;
using MeaiRouter.Dialects;

namespace MeaiRouter.Normalization.Answers;

/// <summary>Tells the reasoning at the beginning of an answer's text from the answer, however the text is cut into pieces.</summary>
/// <remarks>
/// Only what may yet become a tag is held back. The tags go, and the white space around the opening and after the closing one. An answer
/// that ends within a tag it opened itself is nothing but reasoning. Where only the dialect says that it begins inside, it is so if it was cut by
/// length; an answer that ended of its own accord and never closed a tag has not reasoned at all (<see cref="TakeUnclosed"/>).
/// </remarks>
internal sealed class ThinkTags(AnswerRules rules)
{
    // So much white space before a tag is an answer of white space.
    private const int MostLeadingSpace = 64;

    private readonly bool _beginsThinking = rules.BeginsThinking;
    private Place _place;
    private string _held = "";
    private string? _closing;
    private bool _atBeginning = true;
    private StringBuilder? _unclosed;

    private enum Place
    {
        Start,
        Thinking,
        AfterThinking,
        Answer,
    }

    /// <summary>Characters that are held back.</summary>
    public int HeldLength => _held.Length;

    /// <summary>Whether text is taken for reasoning on the word of the dialect alone: neither an opening nor a closing tag was there yet.</summary>
    public bool IsUnclosed => _unclosed is not null;

    /// <summary>All text that was taken for reasoning without any tag, also what was held back, when it turns out to be the answer.</summary>
    public string TakeUnclosed()
    {
        var text = _unclosed + _held;
        (_unclosed, _held, _place) = (null, "", Place.Answer);
        return text;
    }

    /// <summary>The endpoint gives the reasoning apart from the text, which then begins with the answer.</summary>
    public void SeeReasoning()
    {
        if (_beginsThinking && _place == Place.Start && _held.Length == 0)
            _place = Place.Answer;
    }

    /// <summary>Whether the text, and all that follows it, is the answer as it stands.</summary>
    public bool Passes(string text)
    {
        if (_place == Place.Start && _held.Length == 0 && !_beginsThinking && text.AsSpan().TrimStart() is { IsEmpty: false } body && body[0] != '<')
            _place = Place.Answer;
        return _place == Place.Answer;
    }

    /// <summary>The reasoning and the answer in a piece of text; each <see langword="null"/> if there is nothing of it yet.</summary>
    public (string? Thought, string? Answer) Read(string text)
    {
        var pending = _held + text;
        _held = "";
        if (_place == Place.Start && !Open(ref pending))
            return (null, _place == Place.Answer ? pending : null);

        string? thought = null;
        if (_place == Place.Thinking && !Close(ref pending, out thought))
            return (thought, null);

        if (_place == Place.AfterThinking)
            pending = pending.TrimStart();
        if (pending.Length == 0)
            return (thought, null);
        _place = Place.Answer;
        return (thought, pending);
    }

    /// <summary>What was held back, when no more text comes.</summary>
    public (string? Thought, string? Answer) End()
    {
        var rest = _held.Length > 0 ? _held : null;
        _held = "";
        if (_place == Place.Thinking)
            return (rest, null);

        _place = Place.Answer;
        return (null, rest);
    }

    /// <summary>Reads the opening tag.</summary>
    /// <returns>Whether the reasoning has begun.</returns>
    private bool Open(ref string pending)
    {
        var body = pending.AsSpan().TrimStart();
        var space = pending.Length - body.Length;
        if (rules.ThinkTags && space <= MostLeadingSpace)
        {
            foreach (var name in rules.ThinkTagNames)
            {
                var tag = $"<{name}>";
                if (body.StartsWith(tag, StringComparison.OrdinalIgnoreCase))
                {
                    _closing = Closing(name);
                    _place = Place.Thinking;
                    pending = body[tag.Length..].ToString();
                    return true;
                }

                if (tag.AsSpan().StartsWith(body, StringComparison.OrdinalIgnoreCase))
                {
                    _held = pending;
                    return false;
                }
            }
        }

        if (!_beginsThinking)
        {
            _place = Place.Answer;
            return false;
        }

        (_place, _unclosed) = (Place.Thinking, new StringBuilder());
        return true;
    }

    private static string Closing(string name) => $"</{name}>";

    /// <summary>Reads reasoning up to the closing tag.</summary>
    /// <returns>Whether the tag was there.</returns>
    private bool Close(ref string pending, out string? thought)
    {
        thought = null;
        if (_atBeginning)
            pending = pending.TrimStart();
        if (pending.Length == 0)
            return false;

        var closing = _closing ??= Closing(rules.ThinkTagNames is [var first, ..] ? first : "think");
        var end = pending.IndexOf(closing, StringComparison.OrdinalIgnoreCase);
        var length = end < 0 ? pending.Length - Tags.PartialLength(pending, closing) : end;
        if (length > 0)
            (thought, _atBeginning) = (pending[..length], false);
        if (end < 0)
        {
            _unclosed?.Append(thought);
            _held = pending[length..];
            return false;
        }

        _unclosed = null;
        pending = pending[(end + closing.Length)..];
        _place = Place.AfterThinking;
        return true;
    }
}
