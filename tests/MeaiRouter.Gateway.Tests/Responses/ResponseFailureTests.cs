using System.Net.Http.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Responses;

/// <summary>Failures before the first content and after it, and what the caller hears of them.</summary>
public sealed class ResponseFailureTests : ResponsesTest
{
    public static TheoryData<string, bool> Faults()
    {
        var data = new TheoryData<string, bool>();
        foreach (var fault in new[] { "503", "429", "cut before content", "empty answer" })
        {
            data.Add(fault, false);
            data.Add(fault, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Before_the_first_content_the_second_provider_answers(string fault, bool streaming)
    {
        FirstScript.Always(fault switch
        {
            "503" => Fault.Unavailable(),
            "429" => Fault.RateLimited(TimeSpan.FromSeconds(30)),
            "cut before content" => Reply.Text("lost").CutAfter(0),
            _ => Reply.Empty,
        });
        SecondScript.Always(Reply.Text("Grüße vom zweiten").WithUsage(prompt: 12, completion: 3));

        var answer = await PostAsync(Ask(streaming));

        var response = ResponseOf(answer);
        Assert.Equal((200, "completed", "second", "Grüße vom zweiten"), (answer.Status, (string)response["status"]!, (string)response["provider"]!, TextOf(response)));
        Assert.Equal((12, 3, 15), ((int)response["usage"]!["input_tokens"]!, (int)response["usage"]!["output_tokens"]!, (int)response["usage"]!["total_tokens"]!));
        var record = await Gateway.Ledger.SingleAsync();
        Assert.Equal(AttemptOutcome.Answered, record.Attempts[^1].Outcome);
        Assert.Equal(record.Cost!.Value.ToUsd(), decimal.Parse(response["usage"]!["cost"]!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_stream_that_breaks_goes_on_at_another_provider_that_says_the_same()
    {
        var begin = new string('a', 70);
        FirstScript.Always(Reply.Chunks(begin, " and the end").CutAfter(1));
        SecondScript.Always(Reply.Chunks(begin, " and the end"));

        var answer = await PostAsync(Ask(streaming: true, ("temperature", 0)));

        Assert.Equal((begin + " and the end", "completed"), (DeltasOf(answer), (string)ResponseOf(answer)["status"]!));
        Assert.Equal(begin + " and the end", TextOf(ResponseOf(answer)));
    }

    [Fact]
    public async Task A_stream_that_breaks_for_good_ends_with_an_error_and_as_failed_never_as_completed()
    {
        FirstScript.Always(Reply.Chunks(new string('a', 70), "two").CutAfter(1));
        SecondScript.Answers("something else");

        var answer = await PostAsync(Ask(streaming: true));

        var events = EventsOf(answer);
        Assert.Equal(200, answer.Status);
        Assert.Equal(["response.output_item.done", "error", "response.failed"], events.TakeLast(3).Select(e => (string)e["type"]!));
        Assert.DoesNotContain("response.completed", answer.Body, StringComparison.Ordinal);
        var (error, response) = (events[^2], events[^1]["response"]!);
        Assert.Equal(("server_error", null, "provider_unavailable"), ((string)error["code"]!, (string?)error["param"], (string)error["error_type"]!));
        Assert.StartsWith("The stream broke after 70 characters had been delivered.", (string)error["message"]!, StringComparison.Ordinal);
        Assert.Equal(
            ("failed", "server_error", (string)error["message"]!, new string('a', 70), "incomplete"),
            ((string)response["status"]!, (string)response["error"]!["code"]!, (string)response["error"]!["message"]!, TextOf(response), (string)response["output"]![0]!["status"]!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_all_are_down_the_error_is_in_OpenAIs_envelope_with_OpenRouters_details(bool streaming)
    {
        FirstScript.Always(Fault.Status(503, message: "Under repair."));
        SecondScript.Always(Fault.Status(502, message: "On fire."));

        var answer = await PostAsync(Ask(streaming));

        Assert.Equal((503, "application/json"), (answer.Status, answer.ContentType));
        Assert.Equal(
            ("server_error", "server_error", null, "provider_unavailable"),
            ((string)answer.Error["type"]!, (string)answer.Error["code"]!, (string?)answer.Error["param"], (string)answer.Json["error_type"]!));
        Assert.StartsWith("All 2 attempts failed.", (string)answer.Error["message"]!, StringComparison.Ordinal);
        Assert.Equal(["first", "second"], answer.Error["metadata"]!["previous_errors"]!.AsArray().Select(previous => (string)previous!["provider"]!));
        Assert.Equal("temporarily_unavailable", (string)answer.Error["availability"]!["code"]!);
        Assert.StartsWith("gen-", answer.Headers["X-Generation-Id"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rate_limit_says_when_to_come_back(bool streaming)
    {
        FirstScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(30)));
        SecondScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(12)));

        var answer = await PostAsync(Ask(streaming));

        Assert.Equal(
            (429, "12", "rate_limit_error", "rate_limit_exceeded", "rate_limit_exceeded"),
            (answer.Status, answer.Headers["Retry-After"], (string)answer.Error["type"]!, (string)answer.Error["code"]!, (string)answer.Json["error_type"]!));
    }

    [Theory]
    [InlineData("""{"model":"acme/small","input":[]}""", "`input` is empty: it must be a string or an array of at least one item such as {\"role\":\"user\",\"content\":\"Hello\"}.", "input")]
    [InlineData("""{"model":"acme/small","input":[{"role":"wizard","content":"Hi"}]}""", "`input[0].role` is \"wizard\": it must be \"user\", \"assistant\", \"system\" or \"developer\".", "input[0].role")]
    [InlineData("""{"model":"acme/small"}""", "`input` is missing: it must be a string or an array of at least one item such as {\"role\":\"user\",\"content\":\"Hello\"}.", "input")]
    [InlineData("""{"model":"acme/small","input":"x","store":true}""", "`store` is true: nothing is kept here. Leave it out or send false, and send the whole conversation as `input`.", "store")]
    [InlineData("""{"model":"acme/small","input":"x","previous_response_id":"resp_1"}""", "`previous_response_id` is set: nothing is kept here. Send the whole conversation as `input`.", "previous_response_id")]
    [InlineData("""{"model":"acme/small","input":"x","provider":{"sort":"fame"}}""", "'provider.sort' is 'fame'; it must be 'price' or 'throughput' or 'latency' or 'exacto'.", "provider.sort")]
    [InlineData("""{"model":"acme/smal","input":"x"}""", null, null)]
    public async Task A_wrong_request_is_an_invalid_prompt_and_its_parameter_is_named(string body, string? message, string? parameter)
    {
        var answer = await Gateway.PostTextAsync(body, path: Path);

        Assert.Equal(
            (400, "invalid_request_error", "invalid_prompt", "invalid_request"),
            (answer.Status, (string)answer.Error["type"]!, (string)answer.Error["code"]!, (string)answer.Json["error_type"]!));
        Assert.Equal(parameter, (string?)answer.Error["param"]);
        if (message is not null)
            Assert.Equal(message, (string)answer.Error["message"]!);
        else
            Assert.Contains("Did you mean 'acme/small'?", (string)answer.Error["message"]!, StringComparison.Ordinal);
        Assert.Equal(0, First.RequestCount);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_in_the_same_envelope()
    {
        var answer = await PostAsync(Ask(streaming: false), key: "sk-wrong-key-0123456789");

        Assert.Equal(
            (401, "authentication_error", "server_error", "authentication", "Bearer"),
            (answer.Status, (string)answer.Error["type"]!, (string)answer.Error["code"]!, (string)answer.Json["error_type"]!, answer.Headers["WWW-Authenticate"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OpenRouters_fields_route_and_attribute_as_they_do_in_chat(bool streaming)
    {
        SecondScript.Answers("second");

        var answer = await PostAsync(Ask(
            streaming, ("provider", new { order = new[] { "second" } }), ("user", "ada"), ("metadata", new { tags = "blue" }), ("session_id", "s-1")));

        Assert.Equal("second", (string)ResponseOf(answer)["provider"]!);
        Assert.Equal("ada", (string)ResponseOf(answer)["user"]!);
        var record = await Gateway.Ledger.SingleAsync();
        Assert.Equal(("ada", "team-a"), (record.User, record.Key));
        Assert.Contains("blue", record.Tags);
        Assert.Equal(0, First.RequestCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_caller_leaves_the_provider_is_left_at_once(bool streaming)
    {
        FirstScript.Always(streaming ? Reply.Chunks("one ", "two").StallAfter(1) : Reply.Text("never").StallAfter(0));
        using var leaving = new CancellationTokenSource();
        using var content = JsonContent.Create(Ask(streaming));

        var asked = Gateway.OpenAsync(HttpMethod.Post, Path, content, Key, leaving.Token);
        await First.WaitForRequestsAsync(1).WaitAsync(Patience);
        if (streaming)
        {
            using var response = await asked;
            await using var body = await response.Content.ReadAsStreamAsync();
            Assert.True(await body.ReadAsync(new byte[16]) > 0);
        }
        else
        {
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }

        await First.Requests.Single().ClientAborted.WaitAsync(AtOnce);
        Assert.Equal(0, Second.RequestCount);
        Assert.Equal(AttemptOutcome.Cancelled, (await Gateway.Ledger.SingleAsync()).Attempts.Single().Outcome);
    }
}
