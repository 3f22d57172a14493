using System.Collections.Immutable;

namespace MeaiRouter.Testing;

/// <summary>Lays a reply out in time, as far as its break lets it come.</summary>
internal static class ReplyTranscript
{
    public static Transcript Streamed(ReplyBody body, ReplyTiming timing, ReplyBreak? broken, ReceivedRequest request)
    {
        var stream = body.Stream(request);
        var sent = Math.Min(broken?.After ?? stream.Content.Length, stream.Content.Length);
        var frames = ImmutableArray.CreateBuilder<Frame>();
        frames.AddRange(stream.Opening.Select(static bytes => new Frame(bytes)));

        // A break before any content waits as the content would have.
        var pauseAtBreak = sent == 0 ? timing.BeforeContent : default;
        AddContent(0, sent);
        switch (broken?.Kind)
        {
            case null:
                AddClosing(pauseAtBreak);
                break;

            case BreakKind.Malformed:
                frames.Add(new Frame(WireJson.Event("""{"choices":[{"index":0,"delta":{"content":"""), pauseAtBreak));
                AddContent(sent, stream.Content.Length);
                AddClosing(default);
                break;

            case BreakKind.Error:
                frames.Add(new Frame(body.ErrorEvent(request, broken.Error!(request)), pauseAtBreak));
                break;
        }

        return new Transcript
        {
            Status = 200,
            Headers = [new("Content-Type", "text/event-stream"), new("Cache-Control", "no-cache")],
            Frames = frames.DrainToImmutable(),
            Ending = EndingOf(broken),
            KeepAlive = KeepAlive(timing, ": keep-alive\n\n"u8),
        };

        void AddContent(int from, int to)
        {
            for (var piece = from; piece < to; piece++)
                frames.Add(new Frame(stream.Content[piece], piece == 0 ? timing.BeforeContent : new Pause(timing.Pace)));
        }

        void AddClosing(Pause before)
        {
            foreach (var bytes in stream.Closing)
            {
                frames.Add(new Frame(bytes, before));
                before = default;
            }
        }
    }

    public static Transcript Whole(ReplyBody body, ReplyTiming timing, ReplyBreak? broken, ReceivedRequest request)
    {
        var bytes = broken?.Kind switch
        {
            BreakKind.End => body.WholeUntil(broken.After, request),
            BreakKind.Error => body.WholeWithError(broken.After, request, broken.Error!(request)),
            BreakKind.Malformed => Half(body.Whole(request)),
            _ => body.Whole(request),
        };
        var sent = (EndingOf(broken), broken?.After) switch
        {
            (Ending.Complete, _) => bytes,
            (_, 0) => [],
            _ => Half(bytes),
        };

        return new Transcript
        {
            Status = 200,
            Headers = [new("Content-Type", "application/json")],
            // Keep-alives come before the body, so their number and with it the length is unknown when the headers leave.
            ContentLength = timing.KeepAliveEvery is null ? bytes.Length : null,
            Frames = sent.Length == 0 ? [] : [new Frame(sent, timing.BeforeContent)],
            Ending = EndingOf(broken),
            KeepAlive = KeepAlive(timing, "\n"u8),
        };
    }

    public static byte[] Half(byte[] bytes) => bytes[..(bytes.Length / 2)];

    private static Ending EndingOf(ReplyBreak? broken) => broken?.Kind switch
    {
        BreakKind.Cut => Ending.Cut,
        BreakKind.Reset => Ending.Reset,
        BreakKind.Stall => Ending.Stall,
        _ => Ending.Complete,
    };

    private static KeepAlive? KeepAlive(ReplyTiming timing, ReadOnlySpan<byte> bytes) =>
        timing.KeepAliveEvery is { } every ? new KeepAlive(bytes.ToArray(), every) : null;
}
