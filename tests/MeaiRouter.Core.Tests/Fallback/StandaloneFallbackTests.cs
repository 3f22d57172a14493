using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using MeaiRouter.Policies;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

/// <summary>The layer without router and catalogue: a client and its backups.</summary>
public sealed class StandaloneFallbackTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Backups_are_tried_in_order_under_the_names_they_give_themselves(bool streaming)
    {
        var primary = FakeChatClient.Playing(new HttpRequestException("Down."));
        var named = new FakeChatClient([new HttpRequestException("Down too.")]) { Metadata = new("acme") };
        var fallback = new FallbackChatClient(primary, [named, FakeChatClient.Answering("Hello")]);

        var response = await fallback.AskAsync(streaming);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(
            ["primary Failed ConnectionFailed", "acme Failed ConnectionFailed", "backup 2 Answered"], response.Trace().Attempts.Told());
        Assert.Empty(response.Trace().Candidates);
        Assert.Null(response.GetCost());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backup_with_a_default_model_uses_that_and_others_get_the_models_name(bool streaming)
    {
        var primary = new FakeChatClient([new HttpRequestException("Down.")]) { Metadata = new("one", null, "one-default") };
        var own = new FakeChatClient([new HttpRequestException("Down.")]) { Metadata = new("two", null, "two-default") };
        var same = FakeChatClient.Answering("Hello");
        var options = new ChatOptions { ModelId = "asked-for", Temperature = 0.5f }.WithRouting(new());

        await new FallbackChatClient(primary, [own, same]).AskAsync(streaming, options);

        FakeChatClient[] all = [primary, own, same];
        Assert.Equal(["asked-for", null, "asked-for"], all.Select(client => client.Call.Options!.ModelId));
        Assert.All(all, client => Assert.Equal((0.5f, null), (client.Call.Options!.Temperature, client.Call.Options.AdditionalProperties)));
        Assert.Equal("asked-for", options.ModelId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_single_client_is_guarded_too(bool streaming)
    {
        var failure = await new FallbackChatClient(FakeChatClient.Playing(Step.Role)).AskInVainAsync(streaming);

        Assert.Equal(
            (FailureKind.EmptyAnswer, "primary: The answer is empty and has no finish reason."), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whole_pipelines_can_be_alternatives_and_honour_the_request_each(bool streaming)
    {
        FakeChatClient[] first = [FakeChatClient.Playing(new RouterException(FailureKind.Unavailable, "Down.")), FakeChatClient.Playing(new RouterException(FailureKind.Unavailable, "Down."))];
        FakeChatClient[] second = [FakeChatClient.Answering("ignored"), FakeChatClient.Answering("Hello")];
        var fallback = new FallbackChatClient(TestPipeline.Of(first), [TestPipeline.Of(second)]);
        var options = new ChatOptions { ModelId = TestPipeline.ModelId }.WithRouting(new() { Ignore = ["a"] });

        var response = await fallback.AskAsync(streaming, options);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(["meairouter Failed Unavailable", "meairouter Answered"], response.Trace().Attempts.Told());
        Assert.Equal((0, 1, 0, 1), (first[0].Calls.Count, first[1].Calls.Count, second[0].Calls.Count, second[1].Calls.Count));
        Assert.Null(second[1].Call.Options!.AdditionalProperties);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_was_limited_rests_until_it_may_be_called_again(bool streaming)
    {
        var time = new ManualTimeProvider();
        var limited = new FakeChatClient(
            [new RouterException(FailureKind.RateLimited, "Slow down.") { RetryAfter = TimeSpan.FromSeconds(30) }], FakeChatClient.Answer("Back"));
        var backup = FakeChatClient.Answering("Hello");
        var fallback = new FallbackChatClient(limited, [backup], null, time);

        Assert.Equal(["primary Failed RateLimited", "backup 1 Answered"], (await fallback.AskAsync(streaming)).Trace().Attempts.Told());
        Assert.Equal(["backup 1 Answered"], (await fallback.AskAsync(streaming)).Trace().Attempts.Told());
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("Back", (await fallback.AskAsync(streaming)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_is_down_is_left_alone_but_for_single_probes_until_it_is_back(bool streaming)
    {
        var time = new ManualTimeProvider();
        Step[] down = [new RouterException(FailureKind.Unavailable, "Down.")];
        var flapping = new FakeChatClient(down, down, down, down, FakeChatClient.Answer("Back"));
        var fallback = new FallbackChatClient(flapping, [FakeChatClient.Answering("Hello")], null, time);

        for (var i = 0; i < 10; i++)
            Assert.Equal("Hello", (await fallback.AskAsync(streaming)).Text);
        Assert.Equal(3, flapping.Calls.Count);
        time.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 10; i++)
            Assert.Equal("Hello", (await fallback.AskAsync(streaming)).Text);
        Assert.Equal(4, flapping.Calls.Count);

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("Back", (await fallback.AskAsync(streaming)).Text);
    }

    [Fact]
    public void Disposal_reaches_the_primary_and_every_backup()
    {
        FakeChatClient[] clients = [new(), new(), new()];

        new FallbackChatClient(clients[0], clients[1..]).Dispose();

        Assert.All(clients, client => Assert.Equal(1, client.Disposals));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Losing_attempts_leave_no_exception_that_nobody_observed(bool streaming)
    {
        var unobserved = new List<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            if (e.Exception.ToString().Contains("left behind", StringComparison.Ordinal))
                unobserved.Add(e.Exception);
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await LoseAsync(streaming);
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        Assert.Empty(unobserved);
    }

    private static async Task LoseAsync(bool streaming)
    {
        var time = new ManualTimeProvider();
        var loser = FakeChatClient.Playing(Step.SilenceThen(new InvalidOperationException("left behind")));
        var options = new FallbackOptions { WholeAnswer = TimeSpan.FromSeconds(10) };
        var asked = new FallbackChatClient(loser, [FakeChatClient.Answering("Hello")], options, time).AskAsync(streaming);

        await time.ArmedAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));
        await asked;
        await loser.Call.Ended.Soon();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_is_not_answered_by_a_backup_that_it_rules_out_or_demands_to_know_more_of(bool streaming)
    {
        ChatOptions[] demanding =
        [
            new ChatOptions().WithRouting(new RoutingPreferences { AllowFallbacks = false }),
            new ChatOptions().WithRouting(new RoutingPreferences { Only = ["a"] }),
            new ChatOptions().WithRouting(new RoutingPreferences { ZeroDataRetention = true }),
            new ChatOptions().WithRouting(new RoutingPreferences { DataCollection = DataCollection.Deny }),
            new ChatOptions().WithPolicy(new RoutingPolicy { Regions = ["eu"] }),
            new ChatOptions().WithDataClass("pii"),
        ];
        foreach (var options in demanding)
        {
            var backup = FakeChatClient.Answering("Not asked.");
            var client = new FallbackChatClient(FakeChatClient.Playing(new HttpRequestException("Down.")), [backup]);

            var failure = await client.AskInVainAsync(streaming, options);

            Assert.Equal(FailureKind.ConnectionFailed, failure.Kind);
            Assert.Empty(backup.Calls);
        }
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Behind_a_router_the_apps_policy_and_a_presets_demands_keep_backups_out_too(bool streaming, bool isAppsPolicy)
    {
        var routing = TestPipeline.Routing;
        routing.Policy = isAppsPolicy ? new RoutingPolicy { AllowedModels = ["acme/*"] } : null;
        routing.Presets = new Dictionary<string, Preset> { ["strict"] = new() { Preferences = new RoutingPreferences { MaxPrice = new PriceCeiling { Prompt = 100 } } } };
        var backup = FakeChatClient.Answering("Not asked.");
        var fallback = new FallbackChatClient(TestPipeline.Endpoint(FakeChatClient.Playing(new HttpRequestException("Down."))), [backup]);
        var client = new RouterChatClient(fallback, TestPipeline.Catalog(1), routing);

        var options = new ChatOptions().WithRouting(new RoutingPreferences { Preset = isAppsPolicy ? null : "strict" });
        Assert.Equal(FailureKind.ConnectionFailed, (await client.AskInVainAsync(streaming, options)).Kind);
        Assert.Empty(backup.Calls);
    }

    [Fact]
    public async Task Behind_a_router_a_backup_answers_requests_that_demand_nothing()
    {
        var fallback = new FallbackChatClient(
            TestPipeline.Endpoint(FakeChatClient.Playing(new HttpRequestException("Down."))), [FakeChatClient.Answering("Hello")]);

        var response = await new RouterChatClient(fallback, TestPipeline.Catalog(1), TestPipeline.Routing).AskAsync(streaming: false);

        Assert.Equal("Hello", response.Text);
    }
}
