using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeaiRouter.OpenAI.Tests;

/// <summary>A provider on loopback whose answer is exact bytes, after which the connection ends: orderly, or with a reset.</summary>
internal sealed class RawProvider : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    public RawProvider(string answer, bool reset = false)
    {
        _listener.Start();
        _serving = ServeAsync(Encoding.UTF8.GetBytes(answer), reset);
    }

    public OpenAICompatibleChatClient CreateClient() => new(new OpenAICompatibleOptions
    {
        Provider = "acme",
        BaseUrl = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1"),
    });

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync(byte[] answer, bool reset)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                await ReadRequestAsync(stream);
                await stream.WriteAsync(answer);
                if (reset)
                    client.LingerState = new LingerOption(enable: true, seconds: 0);
            }
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException or IOException or OperationCanceledException)
        {
            // Stopped.
        }
    }

    private static async Task ReadRequestAsync(NetworkStream stream)
    {
        var received = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            received.AddRange(buffer[..await stream.ReadAsync(buffer)]);
            var text = Encoding.UTF8.GetString([.. received]);
            var headersEnd = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (headersEnd < 0)
                continue;
            var length = int.Parse(text.Split("Content-Length: ")[1].Split("\r\n")[0], System.Globalization.CultureInfo.InvariantCulture);
            if (received.Count >= headersEnd + 4 + length)
                return;
        }
    }
}
