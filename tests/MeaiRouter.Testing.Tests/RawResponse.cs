using System.Net.Sockets;
using System.Text;

namespace MeaiRouter.Testing.Tests;

/// <summary>What a client without any HTTP library sees on the connection.</summary>
internal sealed record RawResponse(byte[] Bytes, bool WasReset)
{
    public string Text { get; } = Encoding.UTF8.GetString(Bytes);

    /// <summary>Everything after the headers; empty where the headers did not come.</summary>
    public string Body => Text.Split("\r\n\r\n", 2) is [_, var body] ? body : "";

    public string Headers => Text.Split("\r\n\r\n", 2)[0];

    public static async Task<RawResponse> ReadAsync(Uri baseUrl, string json)
    {
        using var socket = await RequestAsync(baseUrl, json);
        var bytes = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(20)) is var read and > 0)
                bytes.Write(buffer, 0, read);
            return new(bytes.ToArray(), WasReset: false);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return new(bytes.ToArray(), WasReset: true);
        }
    }

    public static async Task<Socket> RequestAsync(Uri baseUrl, string json)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(baseUrl.Host, baseUrl.Port);
        await socket.SendAsync(Encoding.UTF8.GetBytes(
            $"POST {baseUrl.AbsolutePath}/chat/completions HTTP/1.1\r\nHost: acme\r\nConnection: close\r\nContent-Length: {json.Length}\r\n\r\n{json}"));
        return socket;
    }
}
