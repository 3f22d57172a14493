using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeaiRouter.Benchmarks.Gateway;

/// <summary>Callers over bare sockets, each sending the same bytes again as soon as it has its answer.</summary>
/// <param name="address">Whom they call.</param>
/// <param name="model">The model they ask for.</param>
/// <param name="streamed">Whether they want streams.</param>
internal sealed class Callers(IPEndPoint address, string model, bool streamed)
{
    private readonly byte[] _request = Request(model, streamed);

    /// <summary>Calls for a while.</summary>
    /// <returns>How long each answer took, in the order of their ends.</returns>
    public async Task<Sample> RunAsync(int callers, TimeSpan duration)
    {
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => CallAsync(began, duration))));
        return new Sample([.. all.SelectMany(static own => own)], Stopwatch.GetElapsedTime(began));
    }

    private async Task<List<TimeSpan>> CallAsync(long began, TimeSpan duration)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address);
        var buffer = new byte[64 * 1024];
        var times = new List<TimeSpan>(16 * 1024);
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            var asked = Stopwatch.GetTimestamp();
            await socket.SendAsync(_request);
            await ReadAnswerAsync(socket, buffer);
            times.Add(Stopwatch.GetElapsedTime(asked));
        }

        return times;
    }

    private static async ValueTask ReadAnswerAsync(Socket socket, byte[] buffer)
    {
        var (length, end) = (0, -1);
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
                throw new InvalidOperationException("The connection was closed in the middle of an answer.");
            length += read;
            if (end < 0)
                end = WholeLength(buffer.AsSpan(0, length));
            if (end == 0 ? buffer.AsSpan(0, length).EndsWith("0\r\n\r\n"u8) : end > 0 && length >= end)
                return;

            // Of a stream only the last bytes matter.
            if (end == 0 && length > buffer.Length / 2)
            {
                buffer.AsSpan(length - 8, 8).CopyTo(buffer);
                length = 8;
            }
        }
    }

    /// <summary>The length of the answer; 0 for a stream, whose end tells; -1 while its head is not there.</summary>
    private static int WholeLength(ReadOnlySpan<byte> received)
    {
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return -1;
        if (!received.StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException(Encoding.UTF8.GetString(received));

        var name = received[..head].IndexOf("Content-Length: "u8);
        return name >= 0 && Utf8Parser.TryParse(received[(name + 16)..], out int bytes, out _) ? head + 4 + bytes : 0;
    }

    private static byte[] Request(string model, bool streamed)
    {
        var text = string.Join(' ', Enumerable.Repeat("Tell me about the lazy dog and the quick brown fox.", 20));
        var body = $$"""{"model":"{{model}}","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"{{text}}"}],"max_tokens":200,"stream":{{(streamed ? "true" : "false")}}}""";
        return Encoding.UTF8.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {LoadComparison.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
