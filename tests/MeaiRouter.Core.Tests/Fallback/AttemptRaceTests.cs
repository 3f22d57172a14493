using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

/// <summary>A race that goes on after it had a winner, as it must when a stream breaks.</summary>
public sealed class AttemptRaceTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly RouteContext _context = new(null);

    [Fact]
    public async Task It_goes_on_with_the_next_under_the_same_deadline_and_with_another_way_to_open()
    {
        using var race = Race(FakeChatClient.Answering("one"), FakeChatClient.Answering("two"), FakeChatClient.Answering("three"));

        var first = await race.RunAsync(AskAsync);
        first.Attempt.End(AttemptOutcome.Failed, new RouterException(FailureKind.Stalled, "Silent."));
        Assert.True(race.HasNext);
        var second = await race.RunAsync(async (client, attempt, token) =>
        {
            var response = await AskAsync(client, attempt, token);
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, response.Text.ToUpperInvariant()));
        });

        Assert.Equal(("one", "TWO"), ((await first.Task).Text, (await second.Task).Text));
        Assert.Equal(["primary Failed Stalled", "backup 1 Running"], _context.Attempts.Told());
    }

    [Fact]
    public async Task When_nobody_is_left_it_fails_with_everything_that_was_tried_the_winner_included()
    {
        using var race = Race(FakeChatClient.Answering("one"), FakeChatClient.Playing(new RouterException(FailureKind.Stalled, "Down.")));

        var winner = await race.RunAsync(AskAsync);
        winner.Attempt.End(AttemptOutcome.Failed, new RouterException(FailureKind.Stalled, "Silent."));
        var failure = await Assert.ThrowsAsync<RouterException>(() => race.RunAsync(AskAsync).Soon());
        Assert.False(race.HasNext);
        var again = await Assert.ThrowsAsync<RouterException>(() => race.RunAsync(AskAsync).Soon());

        Assert.Equal(["primary Failed Stalled", "backup 1 Failed Stalled"], failure.Attempts.Told());
        Assert.Equal((FailureKind.Stalled, failure.Message), (again.Kind, again.Message));
    }

    [Fact]
    public async Task After_the_deadline_of_the_request_nothing_follows()
    {
        using var race = Race(FakeChatClient.Answering("one"), FakeChatClient.Answering("two"));
        var winner = await race.RunAsync(AskAsync);
        winner.Attempt.End(AttemptOutcome.Failed, new RouterException(FailureKind.Stalled, "Silent."));

        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.False(race.HasNext);
        Assert.Equal(FailureKind.DeadlineExceeded, (await Assert.ThrowsAsync<RouterException>(() => race.RunAsync(AskAsync).Soon())).Kind);
    }

    private AttemptRace<ChatResponse> Race(FakeChatClient primary, params FakeChatClient[] backups)
    {
        var options = new FallbackOptions();
        var settings = new RaceSettings(
            NamedClient.Of(primary, "primary", _time), [.. backups.Select((client, i) => NamedClient.Of(client, $"backup {i + 1}", _time))], options, _time);
        return new AttemptRace<ChatResponse>(settings, _context, [new(ChatRole.User, "Hi")], new ChatOptions(), streaming: false, CancellationToken.None);
    }

    private static Task<ChatResponse> AskAsync(IChatClient client, RouteAttempt attempt, CancellationToken token) =>
        client.GetResponseAsync([new(ChatRole.User, "Hi")], null, token);
}
