using System.Globalization;
using System.Text.RegularExpressions;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>What every call has: an id, a time, and, where wanted, a line in the log.</summary>
public sealed partial class CallTests : GatewayTest
{
    private const string Category = "MeaiRouter.Gateway.Logging.AccessLog";

    [Theory]
    [InlineData("req_0123-abc.DEF:9", true)]
    [InlineData("with space", false)]
    [InlineData("semi;colon", false)]
    [InlineData("<script>", false)]
    public async Task The_callers_id_of_a_request_comes_back_if_it_is_fit_for_a_header_and_a_log(string id, bool isFit)
    {
        FirstScript.Always(Reply.Text("Hello"));

        var answer = await Gateway.PostWithAsync(Hello(streaming: false), Key, ("x-request-id", id));
        var refused = await Gateway.PostWithAsync(Hello(streaming: false, ("model", "acme/smal")), Key, ("x-request-id", id));

        Assert.Equal((200, 400), (answer.Status, refused.Status));
        Assert.All([answer, refused], told => Assert.Matches(isFit ? $"^{Regex.Escape(id)}$" : "^req-[0-9a-f]{32}$", told.Headers["x-request-id"]));
    }

    [Fact]
    public async Task An_id_that_is_too_long_is_replaced_and_one_that_fits_is_not()
    {
        Assert.Equal(new string('i', 128), await EchoAsync(new string('i', 128)));
        Assert.StartsWith("req-", await EchoAsync(new string('i', 129)), StringComparison.Ordinal);

        async Task<string> EchoAsync(string id) => (await Gateway.PostWithAsync(new { }, Key, ("x-request-id", id))).Headers["x-request-id"];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_answer_tells_how_much_of_its_time_was_ours(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello").WithContentDelay(TimeSpan.FromMilliseconds(200)));

        var timing = TimingPattern().Match((await Gateway.PostAsync(Hello(streaming))).Headers["Server-Timing"]);

        Assert.True(timing.Success);
        var (ours, providers) = (double.Parse(timing.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(timing.Groups[2].Value, CultureInfo.InvariantCulture));
        Assert.InRange(providers, 190, 20_000);
        Assert.InRange(ours, 0, 10_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_has_one_line_in_the_log_with_who_what_and_how_long_and_no_content(bool streaming)
    {
        FirstScript.Always(Reply.Text("The secret answer"));
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Gateway:AccessLog", "true"));

        var answer = await gateway.PostWithAsync(Hello(streaming, ("user", "the secret user")), Key, ("x-request-id", "req-1"));
        await gateway.GetAsync("/v1/models/acme%0aforged?q=%0a", "sk-wrong-key-of-somebody");
        await gateway.StopAsync();

        var lines = gateway.Log.Lines.Where(line => line.Category == Category).Select(line => line.Text).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Matches(
            $@"^POST /v1/chat/completions 200 \d+\.\d ms, key team-a, request req-1, generation {answer.Id}, from 127\.0\.0\.1$", lines[0]);
        Assert.Matches(@"^GET /v1/models/\{\*\*id\} 401 \d+\.\d ms, key , request req-[0-9a-f]{32}, generation , from 127\.0\.0\.1$", lines[1]);
    }

    [Fact]
    public async Task No_call_is_logged_unless_it_is_asked_for()
    {
        FirstScript.Always(Reply.Text("Hello"));

        await Gateway.PostAsync(Hello(streaming: false));

        Assert.DoesNotContain(Gateway.Log.Lines, line => line.Category == Category);
    }

    [Fact]
    public async Task A_name_with_lines_of_its_own_stays_on_one_line_of_the_log()
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Always(Reply.Text("Hello"));
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Presets:a\nwarn forged\u001b[31m:Models:0", Model));

        var answer = await gateway.PostAsync(Hello(streaming: false, ("model", "acme/small@preset/a\nwarn forged\u001b[31m")));

        Assert.Equal("Hello", answer.Text);
        Assert.Contains(gateway.Log.Visible, line => line.Contains("acme/small at first/small-1 failed with Unavailable (HTTP 503); second/small-2 is asked", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Log.Visible, line => line.Any(char.IsControl));
    }

    [GeneratedRegex(@"^gateway;dur=([0-9.]+), provider;dur=([0-9.]+)$")]
    private static partial Regex TimingPattern();
}
