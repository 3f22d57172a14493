using System.IO.Pipelines;
using System.Net.Http.Json;
using System.Text;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Gateway.Streams;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeaiRouter.Gateway.Tests.Streams;

/// <summary>What a stream says while there is nothing to say.</summary>
public sealed class KeepAliveTests : GatewayTest
{
    private const string Comment = ": OPENROUTER PROCESSING\n\n";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Comments_come_while_the_first_content_is_awaited_and_the_answer_follows_them()
    {
        var release = new TaskCompletionSource();
        FirstScript.Always(Reply.Text("Hello").HoldContentUntil(release.Task));
        await using var gateway = await StartAsync();

        var opening = OpenAsync(gateway);
        await ElapseAsync(1.5);
        using var response = await opening.WaitAsync(Patience);
        await using var stream = await response.Content.ReadAsStreamAsync();
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        Assert.StartsWith("gen-", response.Headers.GetValues("X-Generation-Id").Single(), StringComparison.Ordinal);
        Assert.Equal(Comment, await ReadAsync(stream, Comment.Length));

        // From then on one comes every interval: 7 in two minutes of 15 seconds each.
        for (var comment = 2; comment <= 7; comment++)
        {
            await ElapseAsync(1);
            Assert.Equal(Comment, await ReadAsync(stream, Comment.Length));
        }

        release.SetResult();
        using var reader = new StreamReader(stream);
        var rest = await reader.ReadToEndAsync().WaitAsync(Patience);
        Assert.StartsWith("data: {", rest, StringComparison.Ordinal);
        Assert.Contains("Hello", rest, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
        Assert.DoesNotContain(": OPENROUTER", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silence_in_the_midst_of_an_answer_has_comments_too_and_the_caller_may_leave_in_it()
    {
        FirstScript.Always(Reply.Chunks("one ", "two").StallAfter(1));
        await using var gateway = await StartAsync();

        using var response = await OpenAsync(gateway);
        await using var stream = await response.Content.ReadAsStreamAsync();
        await ReadUntilAsync(stream, "one ");
        await ElapseAsync(1.5);
        await ReadUntilAsync(stream, Comment);
        response.Dispose();

        await First.Requests[0].ClientAborted.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_comment_that_a_slow_reader_holds_up_does_not_hold_up_the_answer_behind_it()
    {
        using var keepAlive = new KeepAlive(Interval, _time);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(pipe.Writer.AsStream()));
        await using var stream = keepAlive.Watch(http.Response, Encoding.UTF8.GetBytes(Comment))!;

        stream.BeginWait();
        await ElapseAsync(5);
        var ended = stream.EndWaitAsync().AsTask();
        Assert.False(ended.IsCompleted);
        var read = await pipe.Reader.ReadAsync();
        var said = Encoding.UTF8.GetString(read.Buffer);
        pipe.Reader.AdvanceTo(read.Buffer.End);

        await ended.WaitAsync(Patience);
        Assert.Equal(Comment, said);
    }

    [Fact]
    public async Task A_failure_after_a_comment_is_told_in_the_stream()
    {
        var release = new TaskCompletionSource();
        FirstScript.Always(Reply.From(_ =>
        {
            release.Task.Wait(Patience);
            return Fault.Unavailable();
        }));
        await using var gateway = await StartAsync();

        var opening = OpenAsync(gateway, ("provider", new { only = new[] { "first" } }));
        await ElapseAsync(1.5);
        using var response = await opening.WaitAsync(Patience);
        release.SetResult();
        var answer = await HttpAnswer.ReadAsync(response);

        Assert.Equal(200, answer.Status);
        Assert.StartsWith(Comment, answer.Body, StringComparison.Ordinal);
        var last = Assert.Single(answer.Chunks);
        Assert.Equal((503, Model, answer.Headers["X-Generation-Id"]), ((int)last["error"]!["code"]!, (string)last["model"]!, (string)last["id"]!));
        HttpAnswer.AssertJson("""[ { "index": 0, "delta": { "content": "" }, "finish_reason": "error" } ]""", last["choices"]!);
    }

    [Fact]
    public async Task A_failure_before_the_first_comment_has_its_own_status()
    {
        FirstScript.Always(Fault.Unavailable());
        await using var gateway = await StartAsync();

        var answer = await gateway.PostAsync(Hello(streaming: true, ("provider", new { only = new[] { "first" } })));

        Assert.Equal((503, "application/json"), (answer.Status, answer.ContentType));
    }

    [Fact]
    public async Task Once_no_stream_waits_the_timer_rests()
    {
        FirstScript.Answers("Hello");
        await using var gateway = await StartAsync();

        var answer = await gateway.PostAsync(Hello(streaming: true));
        _time.Advance(Interval);
        var tick = gateway.Services.GetRequiredService<KeepAlive>().Tick;
        _time.Advance(100 * Interval);

        Assert.DoesNotContain(": OPENROUTER", answer.Body, StringComparison.Ordinal);
        Assert.Equal(tick, gateway.Services.GetRequiredService<KeepAlive>().Tick);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("00:00:03", true)]
    [InlineData("00:00:00", false)]
    public async Task A_setting_switches_comments_off(string? setting, bool isOn)
    {
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Gateway:KeepAlive", setting));

        var quiet = gateway.Services.GetRequiredService<KeepAlive>().Watch(new DefaultHttpContext().Response, default);

        Assert.Equal(isOn, quiet is not null);
    }

    private Task<RunningGateway> StartAsync() => StartGatewayAsync(
        router => router.Services.Replace(ServiceDescriptor.Singleton(new KeepAlive(Interval, _time))), ("MeaiRouter:Fallback:FirstContent", "00:01:00"));

    private static Task<HttpResponseMessage> OpenAsync(RunningGateway gateway, params ReadOnlySpan<(string Name, object? Value)> fields) =>
        gateway.OpenAsync(HttpMethod.Post, "/v1/chat/completions", JsonContent.Create(Hello(streaming: true, fields)), Key);

    private async Task ElapseAsync(double intervals)
    {
        await _time.ArmedAsync(Interval / 2);
        for (var passed = 0.0; passed < intervals; passed += 0.5)
            _time.Advance(Interval / 2);
    }

    private static async Task<string> ReadAsync(Stream stream, int length)
    {
        var buffer = new byte[length];
        await stream.ReadExactlyAsync(buffer).AsTask().WaitAsync(Patience);
        return Encoding.UTF8.GetString(buffer);
    }

    private static async Task ReadUntilAsync(Stream stream, string text)
    {
        var read = new StringBuilder();
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
            read.Append(await ReadAsync(stream, 1));
    }
}
