using System.Text.Json.Nodes;

namespace MeaiRouter.Testing.Tests;

public sealed class TimingTests : ProviderTest
{
    protected override TimeProvider Clock => Time;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_delay_keeps_the_headers_back_on_the_providers_clock(bool streaming)
    {
        Script.Always(Reply.Text("Hi").WithDelay(TimeSpan.FromSeconds(2)));

        var answer = AskAsync(streaming);
        await Time.AdvanceAsync(TimeSpan.FromSeconds(1.9));

        Assert.False(answer.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("Hi", (await answer).Text);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_fault_can_be_late_too(bool streaming)
    {
        Script.Always(Fault.Unavailable().WithDelay(TimeSpan.FromSeconds(2)));

        var answer = SendAndReadAsync(streaming);
        await Time.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(503, (await answer).Status);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_held_answer_comes_after_the_event_it_waits_for(bool streaming)
    {
        var gate = new TaskCompletionSource();
        Script.Always(Reply.Text("Hi").HoldUntil(gate.Task));

        var answer = AskAsync(streaming);
        await Provider.WaitForRequestsAsync(1).WaitAsync(Patience);

        Assert.False(answer.IsCompleted);
        gate.SetResult();
        Assert.Equal("Hi", (await answer).Text);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Late_content_comes_after_headers_and_role(bool streaming)
    {
        var gate = new TaskCompletionSource();
        Script.Always(Reply.Text("Hi").WithContentDelay(TimeSpan.FromSeconds(5)).HoldContentUntil(gate.Task).WithoutUsage());

        using var response = await SendAsync(streaming); // The headers.
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        if (streaming)
        {
            Assert.Contains("\"role\":\"assistant\"", await reader.ReadLineAsync());
            Assert.Equal("", await reader.ReadLineAsync());
        }

        var rest = reader.ReadToEndAsync();
        await Time.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.False(rest.IsCompleted);
        gate.SetResult();
        Assert.Contains("\"content\":\"Hi\"", await rest);
    }

    [Fact]
    public async Task The_pace_is_kept_between_two_pieces_of_content()
    {
        Script.Always(Reply.Text("one two three").WithPace(TimeSpan.FromMilliseconds(10)).WithoutUsage());

        using var response = await SendAsync(streaming: true);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("", await NextTextAsync()); // The chunk with the role.
        Assert.Equal("one", await NextTextAsync());
        var second = NextTextAsync();
        await Time.AdvanceAsync(TimeSpan.FromMilliseconds(9));
        Assert.False(second.IsCompleted);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(" two", await second);
        var third = NextTextAsync();
        await Time.AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal(" three", await third);
        Assert.Null(await NextTextAsync()); // The finish.
        Assert.Equal("data: [DONE]", await reader.ReadLineAsync());

        async Task<string?> NextTextAsync()
        {
            var line = await reader.ReadLineAsync();
            Assert.Equal("", await reader.ReadLineAsync());
            return JsonNode.Parse(line!["data: ".Length..])!["choices"]![0]!["delta"]!["content"]?.GetValue<string>();
        }
    }

    [Fact]
    public async Task Keep_alives_fill_the_wait_for_content()
    {
        var gate = new TaskCompletionSource();
        Script.Always(Reply.Text("Hi").HoldContentUntil(gate.Task).WithKeepAlives(TimeSpan.FromSeconds(1)).WithoutUsage());

        using var response = await SendAsync(streaming: true);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync();
        await reader.ReadLineAsync();

        for (var i = 0; i < 3; i++)
        {
            await Time.AdvanceAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(": keep-alive", await reader.ReadLineAsync());
            Assert.Equal("", await reader.ReadLineAsync());
        }

        gate.SetResult();
        Assert.Contains("\"content\":\"Hi\"", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Keep_alives_of_a_whole_answer_are_blank_lines_before_it()
    {
        var gate = new TaskCompletionSource();
        Script.Always(Reply.Text("Hi").HoldContentUntil(gate.Task).WithKeepAlives(TimeSpan.FromSeconds(1)).WithoutUsage());

        using var response = await SendAsync(streaming: false);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await Time.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("", await reader.ReadLineAsync());
        gate.SetResult();

        Assert.Equal(new Answer("Hi", "stop", null), Answer.FromWhole(await reader.ReadToEndAsync()));
    }

    [Fact]
    public async Task Keep_alives_go_on_while_a_stream_stalls()
    {
        Script.Always(Reply.Text("Hi").WithKeepAlives(TimeSpan.FromSeconds(1)).StallAfter(0));

        using var response = await SendAsync(streaming: true);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("\"role\"", await reader.ReadLineAsync());
        Assert.Equal("", await reader.ReadLineAsync());
        for (var i = 0; i < 3; i++)
        {
            await Time.AdvanceAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(": keep-alive", await reader.ReadLineAsync());
            Assert.Equal("", await reader.ReadLineAsync());
        }
    }

    [Fact]
    public async Task A_rate_limit_admits_so_many_requests_in_any_span_and_says_how_long_to_wait()
    {
        Script.LimitTo(2, per: TimeSpan.FromSeconds(10))
            .Next(Reply.Text("1")).Next(Reply.Text("2")).Next(Reply.Text("3")).Next(Reply.Text("4"));

        Assert.Equal("1", (await AskAsync(streaming: false)).Text);
        Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("2", (await AskAsync(streaming: true)).Text);
        await AssertLimitedAsync("6", "6000");
        Time.Advance(TimeSpan.FromSeconds(3.5));
        await AssertLimitedAsync("3", "2500");
        Time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal("3", (await AskAsync(streaming: false)).Text);
        await AssertLimitedAsync("4", "4000");

        async Task AssertLimitedAsync(string seconds, string milliseconds)
        {
            using var response = await SendAsync(streaming: false);
            Assert.Equal(429, (int)response.StatusCode);
            Assert.Equal([seconds], response.Headers.GetValues("Retry-After"));
            Assert.Equal([milliseconds], response.Headers.GetValues("retry-after-ms"));
        }
    }
}
