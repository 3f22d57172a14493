using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeaiRouter.Testing;

/// <summary>Plays a <see cref="Transcript"/> on a connection.</summary>
internal sealed class Playback(HttpContext context, ReceivedRequest request, TimeProvider time, CancellationToken leaving)
{
    public async Task PlayAsync(Transcript transcript)
    {
        await WaitAsync(transcript.BeforeHeaders, keepAlive: null);
        if (transcript.Status is { } status)
            await SendHeadersAsync(transcript, status);

        for (var i = 0; i < transcript.Frames.Length; i++)
        {
            var frame = transcript.Frames[i];
            await WaitAsync(frame.Before, transcript.KeepAlive);
            var isLast = i == transcript.Frames.Length - 1 && transcript.Ending == Ending.Complete;
            await SendAsync(frame.Bytes, transcript.WriteSize ?? frame.Bytes.Length, isLast);
        }

        await EndAsync(transcript.Ending, transcript.KeepAlive);
    }

    private async Task SendHeadersAsync(Transcript transcript, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = transcript.ContentLength;
        foreach (var (name, value) in transcript.Headers)
            context.Response.Headers[name] = value;

        // A client may close as soon as it has all: that is no abort, so the outcome is settled before the last write.
        if (transcript.Frames.IsEmpty && transcript.Ending == Ending.Complete)
            request.End(RequestOutcome.Answered);
        await context.Response.Body.FlushAsync(leaving);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, int writeSize, bool isLast)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(writeSize, bytes.Length)..])
        {
            if (isLast && bytes.Length <= writeSize)
                request.End(RequestOutcome.Answered);
            await context.Response.Body.WriteAsync(bytes[..Math.Min(writeSize, bytes.Length)], leaving);
            await context.Response.Body.FlushAsync(leaving);
        }
    }

    private async Task EndAsync(Ending ending, KeepAlive? keepAlive)
    {
        switch (ending)
        {
            case Ending.Complete:
                request.End(RequestOutcome.Answered);
                break;

            case Ending.Cut:
                request.End(RequestOutcome.BrokenOff);
                context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Shutdown(SocketShutdown.Both);
                context.Abort();
                break;

            case Ending.Reset:
                request.End(RequestOutcome.BrokenOff);
                context.Abort(); // Kestrel's abort is a reset.
                break;

            case Ending.Stall:
                await WaitAsync(new Pause(Timeout.InfiniteTimeSpan), keepAlive);
                break;
        }
    }

    private async Task WaitAsync(Pause pause, KeepAlive? keepAlive)
    {
        if (pause == default)
            return;

        var over = OverAsync(pause);
        while (keepAlive is not null && await Task.WhenAny(over, Task.Delay(keepAlive.Every, time, leaving)) != over)
            await SendAsync(keepAlive.Bytes, keepAlive.Bytes.Length, isLast: false);
        await over;
    }

    private async Task OverAsync(Pause pause)
    {
        await Task.Delay(pause.Time, time, leaving);
        if (pause.Until is { } until)
            await until.WaitAsync(leaving);
    }
}
