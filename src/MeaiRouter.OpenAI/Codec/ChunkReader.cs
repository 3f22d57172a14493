using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Errors;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Parses the chunks of one stream. One that differs from an earlier one only in its text is a copy of that with another text.</summary>
/// <remarks>Not thread safe.</remarks>
internal sealed class ChunkReader(AnswerSource source)
{
    // In a stream whose chunks all differ, looking for what they have in common would only cost time.
    private const int MostTries = 4;

    private ChatCompletion? _pattern;
    private ChunkFrame? _frame;
    private int _tries;

    /// <exception cref="RouterException">The bytes are no JSON object (<see cref="FailureKind.MalformedAnswer"/>).</exception>
    public ChatCompletion Parse(ReadOnlySpan<byte> utf8Json)
    {
        if (_frame?.Text(utf8Json) is { } text)
        {
            _tries = 0;
            return _pattern!.WithText(text);
        }

        var chunk = AnswerReader.Parse(utf8Json, source);
        if (_tries < MostTries && chunk is { Choices: [{ Delta.Content.Text: not null }] } && ChunkFrame.Around(utf8Json) is { } frame)
        {
            _tries++;

            // One of our own: whoever is handed the chunk may change it.
            (_pattern, _frame) = (chunk.WithText(""), frame);
        }

        return chunk;
    }
}
