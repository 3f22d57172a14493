using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeaiRouter.Benchmarks.Gateway;

/// <summary>
/// A provider that costs next to nothing: it answers every request over a bare socket with bytes that were made beforehand, so that what is
/// measured is what stands in front of it. The path's last letter says which bytes.
/// </summary>
internal static class ProviderServer
{
    public const string Command = "provider";
    public const int Chunks = 50;

    /// <summary>The model whose answers are whole, or come in chunks all at once.</summary>
    public const string AtOnce = "at-once";

    /// <summary>The model whose chunks come 10 ms apart.</summary>
    public const string Paced = "paced";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private static readonly byte[] Whole = Message(
        "application/json",
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1760000000,"model":"at-once","choices":[{"index":0,"message":{"role":"assistant","content":"The quick brown fox jumps over the lazy dog, and nobody minds."},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":16,"total_tokens":36}}
        """);

    private static readonly byte[] Head = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    private static readonly byte[][] Pieces = [.. Events().Select(Piece)];
    private static readonly byte[] End = "0\r\n\r\n"u8.ToArray();
    private static readonly byte[] Stream = [.. Head, .. Pieces.SelectMany(static piece => piece), .. End];

    public static async Task RunAsync(string address)
    {
        var endpoint = IPEndPoint.Parse(address);
        using var listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(endpoint);
        listener.Listen(1_024);
        Console.WriteLine("Now listening on: http://" + listener.LocalEndPoint);
        while (true)
            _ = AnswerAsync(await listener.AcceptAsync());
    }

    private static async Task AnswerAsync(Socket socket)
    {
        using var own = socket;
        socket.NoDelay = true;
        var buffer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(length));
                if (read == 0)
                    return;
                length += read;
                while (RequestLength(buffer.AsSpan(0, length)) is { } size && size <= length)
                {
                    var (streamed, paced) = Wishes(buffer.AsSpan(0, size));
                    buffer.AsSpan(size, length - size).CopyTo(buffer);
                    length -= size;
                    if (streamed && paced)
                        await SendPacedAsync(socket);
                    else
                        await socket.SendAsync(streamed ? Stream : Whole);
                }
            }
        }
        catch (SocketException)
        {
            // The caller has left.
        }
    }

    private static async Task SendPacedAsync(Socket socket)
    {
        await socket.SendAsync(Head);
        using var timer = new PeriodicTimer(Pace);
        foreach (var piece in Pieces)
        {
            await timer.WaitForNextTickAsync();
            await socket.SendAsync(piece);
        }

        await socket.SendAsync(End);
    }

    private static (bool Streamed, bool Paced) Wishes(ReadOnlySpan<byte> request) =>
        (request.IndexOf("\"stream\":true"u8) >= 0, request.IndexOf("\"paced\""u8) >= 0);

    private static int? RequestLength(ReadOnlySpan<byte> received)
    {
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return null;

        var name = received[..head].IndexOf("Content-Length: "u8);
        var body = name >= 0 && Utf8Parser.TryParse(received[(name + 16)..], out int bytes, out _) ? bytes : 0;
        return head + 4 + body;
    }

    private static byte[] Message(string type, string body) =>
        Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    private static byte[] Piece(string text) => Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

    private static IEnumerable<string> Events()
    {
        for (var i = 0; i < Chunks; i++)
            yield return Event($$"""{"index":0,"delta":{"content":"word{{i}} "},"finish_reason":null}""", "");
        yield return Event("""{"index":0,"delta":{},"finish_reason":"stop"}""", "");
        yield return Event("", ""","usage":{"prompt_tokens":20,"completion_tokens":50,"total_tokens":70}""");
        yield return "data: [DONE]\n\n";
    }

    private static string Event(string choice, string rest) =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"at-once","choices":[{{choice}}]{{rest}}}""" + "\n\n";
}
