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

        Assert.Equal(new RawResponse("", WasReset: true), await SendRawAsync(streaming));
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(streaming));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_connection_closed_before_the_answer_sends_no_byte(bool streaming)
    {
        Script.Always(Fault.Closed());

        Assert.Equal(new RawResponse("", WasReset: false), await SendRawAsync(streaming));
    }

    /// <summary>The streamed words in a body, whatever else is in it.</summary>
    private static string TextOf(string body) =>
        string.Concat(System.Text.RegularExpressions.Regex.Matches(body, "\"delta\":{\"content\":\"([^\"]*)\"}").Select(static m => m.Groups[1].Value));
}
