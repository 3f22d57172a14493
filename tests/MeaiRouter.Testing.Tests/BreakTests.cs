using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeaiRouter.Testing.Tests;

public sealed class BreakTests : ProviderTest
{
    private static readonly Reply FourWords = Reply.Text("one two three four");

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "one")]
    [InlineData(3, "one two three")]
    [InlineData(9, "one two three four")]
    public async Task A_cut_stream_closes_without_its_terminating_chunk_after_the_pieces_said(int pieces, string text)
    {
        Script.Always(FourWords.CutAfter(pieces));

        var response = await SendRawAsync(streaming: true);

        Assert.False(response.WasReset);
        Assert.StartsWith("HTTP/1.1 200 OK", response.Text);
        Assert.Equal(text, TextOf(response.Body));
        Assert.Contains("\"role\":\"assistant\"", response.Body);
        Assert.DoesNotContain("[DONE]", response.Body);
        Assert.DoesNotContain("\"finish_reason\":\"stop\"", response.Body);
        Assert.False(response.Body.EndsWith("0\r\n\r\n", StringComparison.Ordinal));
        Assert.Equal(RequestOutcome.BrokenOff, await Provider.Requests.Single().Ended);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_cut_whole_answer_closes_short_of_its_announced_length(int pieces)
    {
        Script.Next(FourWords.WithId("x")).Next(FourWords.WithId("x").CutAfter(pieces));

        var full = await SendRawAsync(streaming: false);
        var cut = await SendRawAsync(streaming: false);

        Assert.False(cut.WasReset);
        Assert.Contains($"Content-Length: {full.Body.Length}\r\n", cut.Headers + "\r\n");
        Assert.Equal(pieces == 0 ? "" : full.Body[..(full.Body.Length / 2)], cut.Body);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task A_reset_in_the_middle_is_a_real_one_and_does_not_overtake_what_was_sent(bool streaming, int pieces)
    {
        Script.Always(FourWords.ResetAfter(pieces));

        var response = await SendRawAsync(streaming);

        Assert.True(response.WasReset);
        Assert.StartsWith("HTTP/1.1 200 OK", response.Text);
        if (streaming)
            Assert.Equal(pieces == 0 ? "" : "one two", TextOf(response.Body));
        else
            Assert.Equal(pieces > 0, response.Body.Length > 0);
        Assert.Equal(RequestOutcome.BrokenOff, await Provider.Requests.Single().Ended);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_reset_before_the_answer_sends_no_byte(bool streaming)
    {
        Script.Always(Fault.Reset());

        AssertNoByte(await SendRawAsync(streaming), wasReset: true);
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(streaming));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_connection_closed_before_the_answer_sends_no_byte(bool streaming)
    {
        Script.Always(Fault.Closed());

        AssertNoByte(await SendRawAsync(streaming), wasReset: false);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_that_ends_early_ends_cleanly_and_without_finish_reason(bool streaming)
    {
        Script.Always(FourWords.EndAfter(2).WithoutUsage());

        Assert.Equal(new Answer("one two", FinishReason: null, Usage: null), await AskAsync(streaming));
        Assert.DoesNotContain("[DONE]", (await SendAndReadAsync(streaming)).Body);
        Assert.Equal(RequestOutcome.Answered, await Provider.Requests[0].Ended);
    }

    [Theory]
    [InlineData(2, "")]
    [InlineData(3, "{\"c\":\"Os")]
    public async Task A_tool_call_that_ends_early_keeps_the_pieces_before(int pieces, string arguments)
    {
        Script.Always(Reply.Chunks("x").WithToolCall("f", """{"c":"Oslo, Norway"}""").EndAfter(pieces));

        foreach (var streaming in new[] { false, true })
            Assert.Equal($"call_1 f({arguments})", (await AskAsync(streaming)).ToolCalls);
    }

    [Fact]
    public async Task A_malformed_event_stands_between_sound_ones()
    {
        Script.Always(FourWords.MalformedAfter(2).WithoutUsage());

        var events = await StreamAsync();

        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(events[3]));
        Assert.Equal(new Answer("one two three four", "stop", null), Answer.FromEvents(events.Where((_, i) => i != 3)));
        Assert.Equal("[DONE]", events[^1]);
    }

    [Fact]
    public async Task A_malformed_whole_answer_is_half_a_body_with_a_length_that_suits_it()
    {
        Script.Always(FourWords.MalformedAfter(2));

        var (status, body) = await SendAndReadAsync(streaming: false);

        Assert.Equal(200, status);
        Assert.StartsWith("{\"id\":", body);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
        Assert.Equal(RequestOutcome.Answered, await Provider.Requests[0].Ended);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task An_error_in_a_stream_is_its_last_event_beside_a_choice_that_ends_it(int pieces)
    {
        Script.Always(FourWords.WithId("gen-1").WithoutUsage().ErrorAfter(pieces, 429, "rate_limit_exceeded", "Slow down."));

        var events = await StreamAsync();

        Assert.Equal(1 + pieces + 1, events.Count);
        Assert.EndsWith(
            "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"logprobs\":null,\"finish_reason\":\"error\"}]," + SlowDown + "}", events[^1]);
        Assert.Equal(pieces == 0 ? "" : "one two", Answer.FromEvents(events).Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task An_error_in_a_whole_answer_stands_beside_the_content_so_far_or_alone(int pieces)
    {
        Script.Always(FourWords.WithoutUsage().ErrorAfter(pieces, 429, "rate_limit_exceeded", "Slow down."));

        var (status, body) = await SendAndReadAsync(streaming: false);

        Assert.Equal(200, status);
        if (pieces == 0)
        {
            Assert.Equal("{" + SlowDown + "}", body);
            return;
        }

        Assert.Equal(new Answer("one two", "error", null), Answer.FromWhole(body));
        Assert.EndsWith("\"finish_reason\":\"error\"," + SlowDown + "}]}", body);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(2, "one two")]
    public async Task A_stalled_stream_stays_open_until_the_client_leaves(int pieces, string text)
    {
        Script.Always(FourWords.StallAfter(pieces));

        using var response = await SendAsync(streaming: true);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var received = "";
        for (var line = 0; line < (1 + pieces) * 2; line++)
            received += await reader.ReadLineAsync();
        var next = reader.ReadLineAsync();

        Assert.Equal(text, TextOf(received));
        Assert.False(next.IsCompleted);
        Assert.Equal(RequestOutcome.Pending, Provider.Requests.Single().Outcome);

        response.Dispose();
        await Provider.Requests.Single().ClientAborted.WaitAsync(Patience);
        Assert.Equal(RequestOutcome.ClientAborted, Provider.Requests.Single().Outcome);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_stalled_whole_answer_stays_in_its_half_until_the_client_leaves(int pieces)
    {
        Script.Always(FourWords.StallAfter(pieces));

        using var response = await SendAsync(streaming: false);
        var announced = (int)response.Content.Headers.ContentLength!.Value;
        var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[pieces == 0 ? 0 : announced / 2]);
        var next = body.ReadAsync(new byte[1]);

        Assert.False(next.IsCompleted);
        response.Dispose();
        await Provider.Requests.Single().ClientAborted.WaitAsync(Patience);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Silence_lasts_until_the_client_leaves(bool streaming)
    {
        Script.Always(Fault.Silence());

        using var patience = new CancellationTokenSource();
        var call = SendAsync(streaming, cancellationToken: patience.Token);
        await Provider.WaitForRequestsAsync(1).WaitAsync(Patience);

        Assert.False(call.IsCompleted);
        Assert.Equal(RequestOutcome.Pending, Provider.Requests.Single().Outcome);
        await patience.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        await Provider.Requests.Single().ClientAborted.WaitAsync(Patience);
    }

    [Fact]
    public async Task Raw_events_break_after_so_many_writes()
    {
        Script.Always(Reply.Sse(": one\n\n", ": two\n\n", ": three\n\n").CutAfter(2));

        var response = await SendRawAsync(streaming: true);

        Assert.False(response.WasReset);
        Assert.Equal("7\r\n: one\n\n\r\n7\r\n: two\n\n\r\n", response.Body);
    }

    private const string SlowDown =
        """
        "error":{"code":429,"message":"acme: Slow down.","metadata":{"error_type":"rate_limit_exceeded","provider_name":"acme"}}
        """;

    private static void AssertNoByte(RawResponse response, bool wasReset)
    {
        Assert.Equal("", response.Text);
        Assert.Equal(wasReset, response.WasReset);
    }

    /// <summary>The streamed words in a body, whatever else is in it.</summary>
    private static string TextOf(string body) =>
        string.Concat(Regex.Matches(body, "\"delta\":{\"content\":\"([^\"]*)\"}").Select(static m => m.Groups[1].Value));
}
