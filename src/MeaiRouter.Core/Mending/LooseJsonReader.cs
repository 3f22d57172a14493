using System.Text;

namespace MeaiRouter.Mending;

/// <summary>Reads one value of JSON as people and models write it, and writes it down as it should have been.</summary>
internal ref struct LooseJsonReader
{
    // As deep as JSON is read by default.
    private const int Deepest = 64;

    private readonly ReadOnlySpan<char> _text;
    private readonly StringBuilder _json = new();
    private int _depth;
    private int _openObjects;
    private int _openArrays;

    public LooseJsonReader(ReadOnlySpan<char> text, int position)
    {
        _text = text;
        Position = position;
    }

    public int Position { get; private set; }

    public JsonFlaws Flaws { get; private set; }

    /// <summary>Whether so much of it was read as JSON that it cannot be prose in brackets.</summary>
    public bool IsCertainlyJson { get; private set; }

    public readonly string Json => _json.ToString();

    private readonly bool AtEnd => Position >= _text.Length;

    private readonly char Current => _text[Position];

    public LooseOutcome ReadValue()
    {
        SkipFiller();
        if (AtEnd)
            return LooseOutcome.Cut;
        if (LooseStrings.CloserOf(Current) is not '\0')
            return ReadString();

        switch (Current)
        {
            case '{':
                return Nested(isObject: true);
            case '[':
                return Nested(isObject: false);
            default:
                return ReadWord();
        }
    }

    private LooseOutcome Nested(bool isObject)
    {
        if (_depth == Deepest)
        {
            IsCertainlyJson = true;
            return LooseOutcome.Broken;
        }

        _depth++;
        _openObjects += isObject ? 1 : 0;
        _openArrays += isObject ? 0 : 1;
        _json.Append(_text[Position++]);
        var outcome = isObject ? ReadMembers() : ReadItems();
        _depth--;
        _openObjects -= isObject ? 1 : 0;
        _openArrays -= isObject ? 0 : 1;
        return outcome;
    }

    private LooseOutcome ReadMembers()
    {
        var (count, hasComma) = (0, false);
        while (true)
        {
            SkipFiller();
            if (AtEnd)
                return EndOfText('}', hasComma || count == 0);
            if (IsClosed('}', ']', _openArrays, hasComma))
                return LooseOutcome.Whole;
            if (IsComma(ref hasComma, count))
                continue;

            Separate(count, hasComma);
            var outcome = ReadName();
            if (outcome == LooseOutcome.Whole)
                outcome = ReadValue();
            if (outcome == LooseOutcome.Unclosed)
                return EndOfText('}', isCut: false);
            if (outcome != LooseOutcome.Whole)
                return outcome;

            (count, hasComma) = (count + 1, false);
            IsCertainlyJson = true;
        }
    }

    private LooseOutcome ReadItems()
    {
        var (count, hasComma) = (0, false);
        while (true)
        {
            SkipFiller();
            if (AtEnd)
                return EndOfText(']', hasComma || count == 0);
            if (IsClosed(']', '}', _openObjects, hasComma))
                return LooseOutcome.Whole;
            if (IsComma(ref hasComma, count))
                continue;

            Separate(count, hasComma);
            var isNumber = char.IsAsciiDigit(Current);
            var outcome = ReadValue();
            if (outcome == LooseOutcome.Unclosed)
                return EndOfText(']', isCut: false);
            if (outcome != LooseOutcome.Whole)
                return outcome;

            (count, hasComma) = (count + 1, false);
            // One number in brackets may be a note's.
            IsCertainlyJson |= count > 1 || !isNumber;
        }
    }

    private LooseOutcome EndOfText(char closer, bool isCut)
    {
        if (isCut)
            return LooseOutcome.Cut;

        _json.Append(closer);
        Flaws |= JsonFlaws.Brackets;
        return LooseOutcome.Unclosed;
    }

    /// <summary>Whether the brackets close here: with their own closer, or with that of others around them, which stays for those.</summary>
    private bool IsClosed(char closer, char other, int othersOpen, bool hasComma)
    {
        var isOwn = Current == closer;
        if (!isOwn && !(Current == other && othersOpen > 0))
            return false;

        Position += isOwn ? 1 : 0;
        Flaws |= (isOwn ? JsonFlaws.None : JsonFlaws.Brackets) | (hasComma ? JsonFlaws.Commas : JsonFlaws.None);
        _json.Append(closer);
        return true;
    }

    private bool IsComma(ref bool hasComma, int count)
    {
        if (Current != ',')
            return false;

        Flaws |= hasComma || count == 0 ? JsonFlaws.Commas : JsonFlaws.None;
        hasComma = true;
        Position++;
        return true;
    }

    private void Separate(int count, bool hasComma)
    {
        if (count == 0)
            return;

        Flaws |= hasComma ? JsonFlaws.None : JsonFlaws.Commas;
        _json.Append(',');
    }

    private LooseOutcome ReadName()
    {
        var outcome = LooseStrings.CloserOf(Current) is not '\0' ? ReadString() : ReadBareName();
        if (outcome != LooseOutcome.Whole)
            return outcome;

        SkipFiller();
        if (AtEnd)
            return LooseOutcome.Cut;
        if (Current != ':')
            return LooseOutcome.Broken;

        Position++;
        _json.Append(':');
        return LooseOutcome.Whole;
    }

    private LooseOutcome ReadBareName()
    {
        var start = Position;
        while (!AtEnd && (char.IsLetterOrDigit(Current) || Current is '_' or '-' or '.' or '$'))
            Position++;
        if (Position == start)
            return LooseOutcome.Broken;

        Flaws |= JsonFlaws.Keys;
        _json.Append('"').Append(_text[start..Position]).Append('"');
        return LooseOutcome.Whole;
    }

    private LooseOutcome ReadString()
    {
        var end = LooseStrings.Read(_text, Position, _json, out var flaws);
        Flaws |= flaws;
        Position = end < 0 ? _text.Length : end;
        return end < 0 ? LooseOutcome.Cut : LooseOutcome.Whole;
    }

    private LooseOutcome ReadWord()
    {
        var start = Position;
        while (!AtEnd && (char.IsAsciiLetterOrDigit(Current) || Current is '+' or '-' or '.' or '_'))
            Position++;

        var word = _text[start..Position];
        if (word.IsEmpty)
            return LooseOutcome.Broken;
        if (LooseWords.Literal(word) is { } literal)
        {
            Flaws |= word.SequenceEqual(literal) ? JsonFlaws.None : JsonFlaws.Words;
            _json.Append(literal);
            return LooseOutcome.Whole;
        }

        // The next digit, or the rest of the word, may have been cut off.
        if (AtEnd)
            return LooseOutcome.Cut;
        if (LooseWords.Number(word) is not { } number)
            return LooseOutcome.Broken;

        Flaws |= word.SequenceEqual(number) ? JsonFlaws.None : JsonFlaws.Numbers;
        _json.Append(number);
        return LooseOutcome.Whole;
    }

    /// <summary>White space and comments, in the ways of JavaScript and Python.</summary>
    private void SkipFiller()
    {
        while (!AtEnd)
        {
            var c = Current;
            if (char.IsWhiteSpace(c) || c is '\uFEFF' or '\u200B')
            {
                Flaws |= c is ' ' or '\t' or '\r' or '\n' ? JsonFlaws.None : JsonFlaws.Surroundings;
                Position++;
                continue;
            }

            var rest = _text[Position..];
            var isLine = c == '#' || rest.StartsWith("//");
            if (!isLine && !rest.StartsWith("/*"))
                return;

            var end = isLine ? rest.IndexOf('\n') : rest.IndexOf("*/");
            Position = end < 0 ? _text.Length : Position + end + (isLine ? 1 : 2);
            Flaws |= JsonFlaws.Comments;
        }
    }
}
