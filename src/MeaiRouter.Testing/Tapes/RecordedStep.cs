using System.Text;

namespace MeaiRouter.Testing;

/// <summary>Answers as was recorded.</summary>
/// <param name="Exchange">The exchange.</param>
/// <param name="KeepsPace">Whether to wait as long as the provider did.</param>
internal sealed record RecordedStep(RecordedExchange Exchange, bool KeepsPace) : ScriptStep
{
    private protected override Transcript Compose(ReceivedRequest request)
    {
        if (request.Streamed != Exchange.IsStreamed)
        {
            return Fault.BadRequest(
                "tape_mismatch", $"The tape has {Mode(Exchange.IsStreamed)} here, and the request asks for {Mode(request.Streamed)}.").Play(request);
        }

        return new Transcript
        {
            Status = Exchange.Status,
            Headers = [.. Exchange.Headers],
            Frames = [.. Exchange.Writes.Select(write => new Frame(BytesOf(write), KeepsPace ? new Pause(write.After) : default))],
            Ending = Exchange.End == RecordedEnd.Complete ? Ending.Complete : Ending.Cut,
        };
    }

    private static ReadOnlyMemory<byte> BytesOf(RecordedWrite write) => write.Bytes ?? Encoding.UTF8.GetBytes(write.Text ?? "");

    private static string Mode(bool isStreamed) => isStreamed ? "a stream" : "a whole answer";
}
