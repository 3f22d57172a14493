using System.Collections.Concurrent;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Faults;

/// <summary>The primary fails and recovers over and over for a minute, while fifty requests a second come in, of which several are always under way.</summary>
public sealed class FlappingTests
{
    private const int PerSecond = 50;

    private static readonly TimeSpan Flapping = TimeSpan.FromSeconds(60);

    // Not the very moments at which health looks at the clock.
    private static readonly TimeSpan Offset = TimeSpan.FromMilliseconds(130);

    private readonly SimulatedTime _time = new();
    private readonly ConcurrentQueue<TimeSpan> _callsWhileDown = new();
    private readonly ConcurrentQueue<TimeSpan> _answers = new();

    /// <summary>Seconds up and down in turns, what is wrong while down, and how many requests may meet that of the thousands that come.</summary>
    [Theory]
    [InlineData(1, 1, nameof(Fate.Unavailable), 30)]
    [InlineData(2, 2, nameof(Fate.Cut), 30)]
    [InlineData(3, 9, nameof(Fate.Reset), 40)]
    [InlineData(9, 3, nameof(Fate.ServerError), 50)]
    [InlineData(15, 14, nameof(Fate.Unavailable), 30)]
    [InlineData(0, 60, nameof(Fate.Unavailable), 20)]
    [InlineData(5, 5, nameof(Fate.RateLimited), 150)] // Each for two seconds, and then it may be over.
    [InlineData(6, 6, nameof(Fate.Silent), 305)] // All of the first six seconds; silence shows only after ten.
    [InlineData(2, 2, nameof(Fate.Unavailable), 30, true)]
    [InlineData(15, 14, nameof(Fate.Reset), 50, true)]
    [InlineData(0, 60, nameof(Fate.Unavailable), 20, true)]
    public async Task No_caller_sees_an_error_the_primary_is_back_within_half_a_minute_and_hardly_anybody_is_sent_to_it_before(
        int up, int down, string fault, int most, bool isStandalone = false)
    {
        using var client = Pipeline(Enum.Parse<Fate>(fault), up, down, isStandalone, out var primary, out var backup);

        await SimulateAsync(client, Flapping + TimeSpan.FromSeconds(90));

        Assert.InRange(_callsWhileDown.Count, 3, most);
        var back = _answers.Where(at => at >= Flapping).Order().ToList();
        Assert.InRange(back[0], Flapping, Flapping + TimeSpan.FromSeconds(30));

        // Half a minute after it is back it has all of its traffic again.
        var all = PerSecond * 29;
        Assert.InRange(back.Count(at => at >= Flapping + TimeSpan.FromSeconds(60)), all, int.MaxValue);
        Assert.Equal((0, 0, 0), (primary.Open, backup.Open, _time.Armed));
    }

    private IChatClient Pipeline(Fate fault, int up, int down, bool isStandalone, out SimulatedProvider primary, out SimulatedProvider backup)
    {
        primary = new SimulatedProvider(_time, () =>
        {
            var now = _time.Elapsed;
            if (now >= Flapping || (now - Offset).TotalSeconds % (up + down) < up)
            {
                _answers.Enqueue(now);
                return Fate.Answered;
            }

            _callsWhileDown.Enqueue(now);
            return fault;
        });
        backup = new SimulatedProvider(_time, () => Fate.Answered);
        if (isStandalone)
            return new FallbackChatClient(primary, [backup], null, _time);

        var providers = new Dictionary<string, IChatClient> { ["a"] = primary, ["b"] = backup };
        return new RouterChatClient(
            new FallbackChatClient(new NormalizingChatClient(new EndpointChatClient(providers)), null, _time),
            TestPipeline.Catalog(2), TestPipeline.RoutingAt(_time), _time);
    }

    /// <summary>Sends requests at an even pace, in both modes, and waits for all of them.</summary>
    private async Task SimulateAsync(IChatClient client, TimeSpan duration)
    {
        var asked = new List<Task>();
        await _time.RunAsync(AskAllAsync);

        async Task AskAllAsync()
        {
            for (var i = 0; _time.Elapsed < duration; i++)
            {
                asked.Add(AskAsync(i));
                await Task.Delay(TimeSpan.FromSeconds(1.0 / PerSecond), _time);
            }

            await Task.WhenAll(asked);
        }

        async Task AskAsync(int number)
        {
            var response = await client.AskAsync(streaming: number % 2 == 0, new ChatOptions().WithRouteSeed((ulong)number));
            Assert.Equal(SimulatedProvider.Text, response.Text);
        }
    }
}
