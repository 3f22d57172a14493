using MeaiRouter.Health;

namespace MeaiRouter.Core.Tests.Health;

public sealed class FirstContentExpectationsTests
{
    private readonly FirstContentExpectations _expectations = new();

    [Fact]
    public void Nothing_is_expected_of_an_endpoint_that_has_answered_once()
    {
        Assert.Null(_expectations.Expect(true, 10, 0.95, atLeast: 1));
        Observe(60);

        Assert.Null(_expectations.Expect(true, 10, 0.95, atLeast: 1));
    }

    [Fact]
    public void Two_answers_that_took_long_are_a_habit_and_one_among_others_is_an_accident()
    {
        Observe(0.5, 60);
        Assert.Equal(0.5, Expected());

        Observe(60);
        Assert.Equal(60, Expected());
    }

    [Fact]
    public void The_given_share_of_the_answers_came_sooner()
    {
        Observe([.. Enumerable.Range(1, 20).Select(i => (double)i)]);

        Assert.Equal((19, 10), (Expected(), Expected(share: 0.5)));
        Assert.NotNull(_expectations.Expect(true, 10, 0.95, atLeast: 20));
        Assert.Null(_expectations.Expect(true, 10, 0.95, atLeast: 21));
    }

    [Fact]
    public void What_was_long_ago_is_forgotten()
    {
        Observe([.. Enumerable.Repeat(60.0, 32)]);
        Observe([.. Enumerable.Repeat(1.0, 32)]);

        Assert.Equal(1, Expected());
    }

    [Fact]
    public void Prompts_of_different_size_and_whole_answers_are_kept_apart()
    {
        long[] sizes = [0, 1024, 1025, 4096, 4097, 16384, 16385, 65536, 65537, 262144, 262145, long.MaxValue];
        for (var i = 0; i < sizes.Length; i++)
        {
            _expectations.Observe(streamed: true, sizes[i], TimeSpan.FromSeconds(i / 2));
            _expectations.Observe(streamed: false, sizes[i], TimeSpan.FromSeconds(100 + (i / 2)));
        }

        for (var i = 0; i < sizes.Length; i++)
        {
            Assert.Equal(i / 2, Expected(sizes[i]));
            Assert.Equal(100 + (i / 2), Expected(sizes[i], streamed: false));
        }
    }

    private void Observe(params double[] seconds)
    {
        foreach (var wait in seconds)
            _expectations.Observe(streamed: true, promptTokens: 10, TimeSpan.FromSeconds(wait));
    }

    private double? Expected(long promptTokens = 10, double share = 0.95, bool streamed = true) =>
        _expectations.Expect(streamed, promptTokens, share, atLeast: 2)?.TotalSeconds;
}
