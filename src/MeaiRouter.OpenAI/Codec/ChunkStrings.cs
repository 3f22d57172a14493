using System.Text.Json;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Where the strings stand in which chunks of one stream differ, quotes included.</summary>
/// <param name="Text">The text of the only choice.</param>
/// <param name="Padding">OpenAI's padding after it; <see langword="null"/> if there is none.</param>
internal readonly record struct ChunkStrings(Range Text, Range? Padding)
{
    /// <summary>Finds them; <see langword="null"/> if there is not exactly one text at <c>choices[0].delta.content</c>.</summary>
    public static ChunkStrings? Find(ReadOnlySpan<byte> chunk)
    {
        var walk = new Walk(chunk);
        return walk.IsUnambiguous() && walk.Text is { } text ? new ChunkStrings(text, walk.Padding) : null;
    }

    private ref struct Walk(ReadOnlySpan<byte> chunk)
    {
        private Utf8JsonReader _reader = new(chunk);

        public Range? Text { get; private set; }

        public Range? Padding { get; private set; }

        // A name that stands twice in an object means the last one, to most who read it; better not to rely on that.
        public bool IsUnambiguous()
        {
            if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
                return false;

            var hasChoices = false;
            while (NextName())
            {
                if (_reader.ValueTextEquals("choices"u8))
                {
                    if (hasChoices || !IsOnlyChoice())
                        return false;
                    hasChoices = true;
                }
                else if (_reader.ValueTextEquals("obfuscation"u8))
                {
                    // Before the text it would have to be looked for in front of it, which nobody's stream asks for.
                    if (Padding is not null || Text is null || StringValue() is not { } padding)
                        return false;
                    Padding = padding;
                }
                else
                {
                    _reader.Skip();
                }
            }

            return true;
        }

        private bool IsOnlyChoice()
        {
            if (!Begins(JsonTokenType.StartArray) || !Begins(JsonTokenType.StartObject))
                return false;

            var hasDelta = false;
            while (NextName())
            {
                if (!_reader.ValueTextEquals("delta"u8))
                {
                    _reader.Skip();
                    continue;
                }

                if (hasDelta || !Begins(JsonTokenType.StartObject) || !IsDelta())
                    return false;
                hasDelta = true;
            }

            return Begins(JsonTokenType.EndArray);
        }

        private bool IsDelta()
        {
            while (NextName())
            {
                if (!_reader.ValueTextEquals("content"u8))
                {
                    _reader.Skip();
                    continue;
                }

                if (Text is not null || StringValue() is not { } text)
                    return false;
                Text = text;
            }

            return true;
        }

        private bool NextName() => _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;

        private bool Begins(JsonTokenType type) => _reader.Read() && _reader.TokenType == type;

        private Range? StringValue() => Begins(JsonTokenType.String) ? (int)_reader.TokenStartIndex..(int)_reader.BytesConsumed : null;
    }
}
