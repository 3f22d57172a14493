using System.Runtime.InteropServices;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Answers;

/// <summary>Recognizes tool calls that a model wrote into its text, however the text is cut into pieces.</summary>
/// <remarks>Only what may be a call is held back; what turns out to be none is handed out as the text that it is.</remarks>
internal sealed class WrittenCalls(TextToolCalls forms, WrittenCallParser parser, RouteNotes notes)
{
    private const string HermesOpening = "<tool_call>";
    private const string HermesClosing = "</tool_call>";
    private const string MistralMark = "[TOOL_CALLS]";
    private const string LlamaMark = "<|python_tag|>";

    // A closing tag may stand within a string of the arguments, but not many of them.
    private const int MostClosings = 4;
    private const int MostHeld = 1_000_000;

    private static readonly string[] LlamaNames = ["\"name\"", "\"type\"", "\"parameters\"", "\"arguments\"", "\"function\""];

    private readonly List<char> _held = [];
    private Place _place = (forms & TextToolCalls.Llama) != 0 ? Place.Start : Place.Text;
    private int _searchedTo;
    private int _closings;

    private enum Place
    {
        Start,
        Text,
        AfterCall,
        Hermes,
        UntilEnd,
        Over,
    }

    /// <summary>Characters that are held back.</summary>
    public int HeldLength => _held.Count;

    private ReadOnlySpan<char> Held => CollectionsMarshal.AsSpan(_held);

    /// <summary>Whether the text cannot be part of a call.</summary>
    public bool Passes(string text)
    {
        if (_place == Place.Over)
            return true;
        if (_held.Count > 0 || _place == Place.AfterCall || text.AsSpan().IndexOfAny('<', '[') >= 0)
            return false;
        if (_place == Place.Start)
        {
            var body = text.AsSpan().TrimStart();
            if (body.IsEmpty || body[0] == '{')
                return false;
            _place = Place.Text;
        }

        return _place == Place.Text;
    }

    /// <summary>Takes a piece of text, and hands out what is known by then: text and calls.</summary>
    public void Read(string text, List<AIContent> output)
    {
        _held.AddRange(text.AsSpan());
        if (_held.Count > MostHeld)
        {
            HandOut(_held.Count, output);
            _place = Place.Over;
        }

        while (Advance(output))
        {
        }
    }

    /// <summary>Hands out what was held back, when no more text comes.</summary>
    public void End(List<AIContent> output)
    {
        if (_place == Place.AfterCall && Held.IsWhiteSpace())
            _held.Clear();
        if (_held.Count > 0)
        {
            var calls = _place switch
            {
                Place.Hermes => parser.Objects(Held[HermesOpening.Length..].ToString(), isWhole: false, needsArguments: false, out _),
                Place.UntilEnd => LastCalls(Held.TrimStart()),
                _ => null,
            };
            if (calls is null)
                HandOut(_held.Count, output);
            else
                HandOut(calls, _held.Count, output);
        }

        _place = Place.Over;
    }

    /// <returns>Whether there may be more to do with what is held.</returns>
    private bool Advance(List<AIContent> output) => _place switch
    {
        Place.Start => Begin(),
        Place.Text or Place.AfterCall => FindOpening(output),
        Place.Hermes => FindClosing(output),
        Place.Over => HandOut(_held.Count, output),
        _ => false,
    };

    // Llama's models write nothing but the call.
    private bool Begin()
    {
        var body = Held.TrimStart();
        if (body.IsEmpty || LlamaMark.AsSpan().StartsWith(body))
            return false;
        if (body.StartsWith(LlamaMark))
        {
            _place = Place.UntilEnd;
            return false;
        }

        if (body[0] == '{')
        {
            var name = body[1..].TrimStart();
            if (name.IsEmpty)
                return false;
            foreach (var known in LlamaNames)
            {
                if (name.StartsWith(known))
                    _place = Place.UntilEnd;
                else if (known.AsSpan().StartsWith(name))
                    return false;
            }

            if (_place == Place.UntilEnd)
                return false;
        }

        _place = Place.Text;
        return true;
    }

    private bool FindOpening(List<AIContent> output)
    {
        var held = Held;
        for (var at = 0; at < held.Length; at++)
        {
            var next = held[at..].IndexOfAny('<', '[');
            if (next < 0)
                break;

            at += next;
            var (place, isWhole) = Opening(held[at..]);
            if (place == Place.Text)
                continue;

            // The white space between two calls belongs to neither of them, and to no text.
            if (_place == Place.AfterCall && held[..at].IsWhiteSpace())
            {
                if (!isWhole)
                    return false;
                _held.RemoveRange(0, at);
            }
            else
            {
                HandOut(at, output);
            }

            if (!isWhole)
            {
                _place = Place.Text;
                return false;
            }

            (_place, _searchedTo, _closings) = (place, 0, 0);
            return true;
        }

        if (_place == Place.AfterCall && held.IsWhiteSpace())
            return false;
        _place = Place.Text;
        HandOut(_held.Count, output);
        return false;
    }

    private (Place Place, bool IsWhole) Opening(ReadOnlySpan<char> text)
    {
        if ((forms & TextToolCalls.Hermes) != 0 && Begins(text, HermesOpening, out var isWhole))
            return (Place.Hermes, isWhole);
        if ((forms & TextToolCalls.Mistral) != 0 && Begins(text, MistralMark, out isWhole))
            return (Place.UntilEnd, isWhole);
        return (Place.Text, false);
    }

    private static bool Begins(ReadOnlySpan<char> text, string mark, out bool isWhole)
    {
        isWhole = text.StartsWith(mark);
        return isWhole || mark.AsSpan().StartsWith(text);
    }

    private bool FindClosing(List<AIContent> output)
    {
        var from = Math.Max(_searchedTo, HermesOpening.Length);
        var found = from > _held.Count ? -1 : Held[from..].IndexOf(HermesClosing);
        if (found < 0)
        {
            _searchedTo = Math.Max(from, _held.Count - HermesClosing.Length);
            return false;
        }

        var end = from + found + HermesClosing.Length;
        if (parser.Objects(Held[HermesOpening.Length..(from + found)].ToString(), isWhole: true, needsArguments: false, out var isJson) is { } calls)
        {
            HandOut(calls, end, output);
            _place = Place.AfterCall;
            return true;
        }

        _searchedTo = end;
        if (!isJson && ++_closings < MostClosings)
            return true;

        HandOut(end, output);
        _place = Place.Text;
        return true;
    }

    private List<FunctionCallContent>? LastCalls(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(MistralMark))
        {
            var body = text.StartsWith(LlamaMark) ? text[LlamaMark.Length..] : text;
            return parser.Objects(body.ToString(), isWhole: false, needsArguments: true, out _);
        }

        var calls = new List<FunctionCallContent>();
        foreach (var part in text.ToString().Split(MistralMark, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (parser.Objects(part, isWhole: false, needsArguments: false, out _) is { } list)
                calls.AddRange(list);
            else if (parser.Named(part) is { } named)
                calls.Add(named);
            else
                return null;
        }

        return calls.Count > 0 ? calls : null;
    }

    private bool HandOut(int length, List<AIContent> output)
    {
        if (length > 0)
            output.Add(new TextContent(Held[..length].ToString()));
        _held.RemoveRange(0, length);
        return false;
    }

    private void HandOut(List<FunctionCallContent> calls, int length, List<AIContent> output)
    {
        foreach (var call in calls)
        {
            notes.Add($"A call of '{call.Name}' that the model wrote as text was read as a call.");
            output.Add(call);
        }

        _held.RemoveRange(0, length);
    }
}
