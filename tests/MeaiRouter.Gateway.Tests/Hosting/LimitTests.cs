using System.Net.Sockets;
using System.Text;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>How large a request may be, and how slow a caller.</summary>
public sealed class LimitTests : GatewayTest
{
    private const string Prefix = "MeaiRouter:Gateway:Limits:";

    [Fact]
    public async Task A_body_that_is_larger_than_configured_is_413()
    {
        FirstScript.Answers("Hello");
        await using var gateway = await StartGatewayAsync((Prefix + "MaxBodyBytes", "200"));

        Assert.Equal(200, (await gateway.PostAsync(Hello(streaming: false))).Status);
        var answer = await gateway.PostAsync(Hello(streaming: false, ("user", new string('u', 200))));

        Assert.Equal((413, "payload_too_large"), (answer.Status, (string)answer.Error["metadata"]!["error_type"]!));
    }

    [Fact]
    public async Task A_conversation_of_more_messages_than_configured_is_413_and_named()
    {
        FirstScript.Answers("Hello");
        await using var gateway = await StartGatewayAsync((Prefix + "MaxMessages", "3"));

        Assert.Equal(200, (await gateway.PostAsync(Hello(streaming: false, ("messages", Messages(3))))).Status);
        AssertRefused(await gateway.PostAsync(Hello(streaming: false, ("messages", Messages(4)))), 413, "'messages' has 4 messages; it may have at most 3. Send fewer, or summarize the oldest.");

        static object Messages(int count) => Enumerable.Repeat(new { role = "user", content = "Hello" }, count);
    }

    [Theory]
    [InlineData("image_url")]
    [InlineData("file")]
    [InlineData("input_audio")]
    public async Task Media_that_decode_to_more_bytes_than_configured_are_413_and_named(string type)
    {
        FirstScript.Always(Reply.Text("Hello"));
        await using var gateway = await StartGatewayAsync((Prefix + "MaxMediaBytes", "3000"));

        Assert.Equal(200, (await gateway.PostAsync(Body(3000))).Status);
        var answer = await gateway.PostAsync(Body(3003));

        Assert.Equal(413, answer.Status);
        Assert.StartsWith("'messages[1].content[1]' holds about 3003 bytes of ", (string)answer.Error["message"]!, StringComparison.Ordinal);
        Assert.Equal(1, First.RequestCount);

        Dictionary<string, object?> Body(int bytes)
        {
            var data = Convert.ToBase64String(new byte[bytes]);
            object media = type switch
            {
                "image_url" => new { type, image_url = new { url = "data:image/png;base64," + data } },
                "file" => new { type, file = new { filename = "a.pdf", file_data = "data:application/pdf;base64," + data } },
                _ => new { type, input_audio = new { data, format = "wav" } },
            };
            return Hello(streaming: false, ("messages", new object[]
            {
                new { role = "system", content = "Be brief." },
                new { role = "user", content = new[] { new { type = "text", text = "What is it?" }, media } },
            }));
        }
    }

    [Theory]
    [InlineData(null, 64)]
    [InlineData("10", 10)]
    public async Task A_body_nested_deeper_than_configured_is_400_and_names_the_field(string? setting, int deepest)
    {
        FirstScript.Always(Reply.Text("Hello"));
        await using var gateway = await StartGatewayAsync((Prefix + "MaxJsonDepth", setting));

        // The body itself is the first level.
        Assert.Equal(200, (await gateway.PostTextAsync(Body(deepest - 1))).Status);
        AssertRefused(await gateway.PostTextAsync(Body(deepest)), 400, $"The request's body is nested more than {deepest} levels deep, in 'x_deep'. Send it flatter.");

        static string Body(int depth) =>
            $$"""{"model":"acme/small","messages":[{"role":"user","content":"Hello"}],"x_deep":{{new string('[', depth)}}{{new string(']', depth)}}}""";
    }

    [Fact]
    public async Task A_head_that_is_larger_than_configured_is_refused_by_the_server()
    {
        await using var gateway = await StartGatewayAsync((Prefix + "MaxHeaderBytes", "1024"));

        var answer = await gateway.PostWithAsync(Hello(streaming: false), Key, ("X-Title", new string('x', 2000)));

        Assert.Equal(431, answer.Status);
        Assert.Equal(0, First.RequestCount);
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_in_time_is_408_and_ends_the_connection()
    {
        var time = new ManualTimeProvider();
        await using var gateway = await StartGatewayAsync(
            router => router.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time)), (Prefix + "BodyTimeout", "00:00:30"));
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        var stream = client.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {Key}\r\nContent-Length: 1000\r\n\r\n{{\"model\":"));
        await time.ArmedAsync(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(30));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains("}}}", StringComparison.Ordinal))
            answer.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience)));

        Assert.StartsWith("HTTP/1.1 408 ", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains("The body did not arrive within 30 seconds. Send it faster, or send less.", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"error_type\":\"timeout\"", answer.ToString(), StringComparison.Ordinal);
        Assert.Empty(gateway.Log.Visible);
    }

    [Fact]
    public async Task A_caller_who_does_not_read_is_cut_off_and_his_provider_hears_of_it()
    {
        // More than lies between the gateway and its caller, and no more than lies between the provider and the gateway, or the provider itself would be held up.
        FirstScript.Always(Reply.Chunks([.. Enumerable.Repeat(new string('x', 100_000), 81)]).StallAfter(80));
        await using var gateway = await StartGatewayAsync((Prefix + "SlownessGrace", "00:00:01.5"), (Prefix + "MinBytesPerSecond", "1000000"));
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        var body = """{"model":"acme/small","stream":true,"messages":[{"role":"user","content":"Hello"}],"provider":{"only":["first"]}}""";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {Key}\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        await First.WaitForRequestsAsync(1).WaitAsync(Patience);
        await First.Requests[0].ClientAborted.WaitAsync(Patience);

        Assert.Equal(MeaiRouter.Attempts.AttemptOutcome.Cancelled, (await gateway.Ledger.SingleAsync()).Attempts.Single().Outcome);
    }

    private static void AssertRefused(HttpAnswer answer, int status, string says) => Assert.Equal((status, says), (answer.Status, (string)answer.Error["message"]!));
}
