using System.Net;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Fallback.Continuation.Continuing;

namespace MeaiRouter.Core.Tests.Fallback.Continuation;

/// <summary>An endpoint that takes the answer so far as its own beginning goes on from there, where the caller allows it.</summary>
public sealed class PrefillTests
{
    private static FallbackOptions Allowing => new() { Hold = TimeSpan.Zero, AllowPrefill = true };

    public static TheoryData<string, string, string, string> Spaces => new()
    {
        { "Hello", " world", "Hello", "Hello world" },
        { "Hello ", "world", "Hello", "Hello world" },
        { "Hello ", " world", "Hello", "Hello world" },
        { "Hello\r\n\r\n", "\r\nworld", "Hello", "Hello\r\n\r\nworld" },
        { "Hello \n", " world", "Hello", "Hello \nworld" },
        { " Hello\t", "\t", " Hello", " Hello\t" },
        { "👩‍👩‍👧", " !", "👩‍👩‍👧", "👩‍👩‍👧 !" },
    };

    [Theory]
    [MemberData(nameof(Spaces))]
    public async Task The_answer_goes_on_from_what_the_caller_has(string had, string more, string sent, string expected)
    {
        var (cut, next) = (FakeChatClient.Playing(had, Cut), new FakeChatClient([.. more.Select(c => (Step)c.ToString()), ChatFinishReason.Stop]));

        var (updates, exception) = await Pipeline(Allowing, cut, next).ReadAsync();

        Assert.Null(exception);
        Assert.Equal(expected, updates.Text());
        Assert.Equal(expected, Assert.Single(updates.ToChatResponse().Messages).Text);
        Assert.Equal(["user Hi there", $"assistant {sent}"], next.Call.Messages.Select(message => $"{message.Role} {message.Text}"));
        Assert.Equal([$"{had.Length}+0 a>b Prefill"], updates[^1].GetRouteTrace()!.Seams.Told());
    }

    [Fact]
    public async Task An_answer_that_was_all_there_only_gets_its_end()
    {
        var (updates, exception) = await Pipeline(Allowing, FakeChatClient.Playing("Hello", Cut), FakeChatClient.Playing(ChatFinishReason.Stop)).ReadAsync();

        Assert.Null(exception);
        Assert.Equal(("Hello", ChatFinishReason.Stop), (updates.Text(), updates.ToChatResponse().FinishReason));
    }

    public static TheoryData<string> Forbidding => ["not allowed", "not supported", "tools", "json", "reasoning", "own prefill", "only space", "greedy"];

    [Theory]
    [MemberData(nameof(Forbidding))]
    public async Task Everything_else_is_restarted(string reason)
    {
        var (allowed, supported) = (reason != "not allowed", reason != "not supported");
        var options = new ChatOptions
        {
            Tools = reason == "tools" ? [AIFunctionFactory.CreateDeclaration("f", null, JsonDocument.Parse("{}").RootElement)] : null,
            ResponseFormat = reason == "json" ? ChatResponseFormat.Json : null,
            Temperature = reason == "greedy" ? 0 : null,
        };
        Step[] beginning = reason switch
        {
            "reasoning" => [Thought("thinking"), "Hel"],
            "only space" => ["  "],
            _ => ["Hel"],
        };
        List<ChatMessage> messages = [new(ChatRole.User, "Hi"), .. reason == "own prefill" ? (ChatMessage[])[new(ChatRole.Assistant, "Well")] : []];
        var next = new FakeChatClient([.. beginning, "lo", ChatFinishReason.Stop]);
        var fallback = Pipeline(new() { Hold = TimeSpan.Zero, AllowPrefill = allowed }, supported, new FakeChatClient([.. beginning, Cut]), next);

        var updates = await fallback.GetStreamingResponseAsync(messages, options).ToListAsync();

        Assert.Equal(messages.Count, next.Call.Messages.Count);
        Assert.Equal(SeamWay.Restart, Assert.Single(updates[^1].GetRouteTrace()!.Seams).Way);
    }

    [Fact]
    public async Task After_a_restart_that_differed_an_endpoint_without_prefill_is_passed_over()
    {
        var (differing, without, with) = (FakeChatClient.Answering("Goodbye"), FakeChatClient.Answering("Hello world"), FakeChatClient.Answering("lo world"));
        var options = Allowing;
        options.MaxAttempts = 4;

        var (updates, exception) = await Pipeline(options, [false, false, false, true], FakeChatClient.Playing("Hel", Cut), differing, without, with).ReadAsync();

        Assert.Null(exception);
        Assert.Equal("Hello world", updates.Text());
        Assert.Empty(without.Calls);
        Assert.Equal(["3+0 a>d Prefill"], updates[^1].GetRouteTrace()!.Seams.Told());
        Assert.Equal("not tried, it does not continue a message of the assistant", updates[^1].GetRouteTrace()!.Candidates[2].Fate);
    }

    [Fact]
    public async Task A_greedy_answer_is_restarted_first_and_prefilled_when_that_differs()
    {
        var (differing, prefilled) = (FakeChatClient.Answering("Goodbye"), FakeChatClient.Answering("lo world"));

        var (updates, exception) = await Pipeline(Allowing, FakeChatClient.Playing("Hel", Cut), differing, prefilled).ReadAsync(Greedy);

        Assert.Null(exception);
        Assert.Equal("Hello world", updates.Text());
        Assert.Equal((1, 2), (differing.Call.Messages.Count, prefilled.Call.Messages.Count));
    }

    [Fact]
    public async Task Without_restarts_only_endpoints_with_prefill_are_asked()
    {
        var (without, with) = (FakeChatClient.Answering("Hello"), FakeChatClient.Answering("lo"));
        var options = Allowing;
        options.RestartBroken = false;

        var (updates, exception) = await Pipeline(options, [false, false, true], FakeChatClient.Playing("Hel", Cut), without, with).ReadAsync();

        Assert.Null(exception);
        Assert.Equal("Hello", updates.Text());
        Assert.Empty(without.Calls);
        Assert.Equal("not tried, it does not continue a message of the assistant", updates[^1].GetRouteTrace()!.Candidates[1].Fate);
    }

    [Fact]
    public async Task An_endpoint_that_refuses_the_last_message_is_passed_over_and_as_healthy_as_before()
    {
        var refusing = FakeChatClient.Playing(new HttpRequestException("No prefill here.", null, HttpStatusCode.BadRequest));

        var (updates, exception) = await Pipeline(Allowing, FakeChatClient.Playing("Hel", Cut), refusing, FakeChatClient.Answering("lo")).ReadAsync();

        Assert.Null(exception);
        Assert.Equal("Hello", updates.Text());
        var failure = updates[^1].GetRouteTrace()!.Attempts[1].Failure!;
        Assert.Equal(
            (FailureKind.ContinuationFailed, 400, "The endpoint refused to continue an answer. No prefill here."), (failure.Kind, failure.Status, failure.Message));
    }

    [Fact]
    public async Task A_prefilled_answer_that_breaks_goes_on_with_all_of_it()
    {
        var third = FakeChatClient.Answering("d!");

        var (updates, exception) = await Pipeline(Allowing, FakeChatClient.Playing("Hello ", Cut), FakeChatClient.Playing(" worl", Cut), third).ReadAsync();

        Assert.Null(exception);
        Assert.Equal("Hello world!", updates.Text());
        Assert.Equal("Hello worl", third.Call.Messages[^1].Text);
        Assert.Equal(["6+0 a>b Prefill", "10+0 b>c Prefill"], updates[^1].GetRouteTrace()!.Seams.Told());
    }

    private static RouterChatClient Pipeline(FallbackOptions options, params FakeChatClient[] providers) => Pipeline(options, supported: true, providers);

    private static RouterChatClient Pipeline(FallbackOptions options, bool supported, params FakeChatClient[] providers) =>
        Pipeline(options, [.. providers.Select(_ => supported)], providers);

    private static RouterChatClient Pipeline(FallbackOptions options, bool[] supported, params FakeChatClient[] providers)
    {
        var model = TestPipeline.Model(providers.Length);
        var endpoints = model.Endpoints.Select((endpoint, i) => supported[i] ? endpoint with { SupportedParameters = ["temperature", "tools", "response_format", "assistant_prefill"] } : endpoint);
        return new RouterChatClient(
            new FallbackChatClient(TestPipeline.Endpoint(providers), options), new ModelCatalog([model with { Endpoints = [.. endpoints] }]), TestPipeline.Routing);
    }
}
