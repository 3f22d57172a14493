using MeaiRouter.Routing;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class RequestIdTests
{
    [Fact]
    public void An_id_is_a_UUID_of_version_7_that_tells_its_time_and_is_never_given_twice()
    {
        var time = new FixedTime(DateTimeOffset.FromUnixTimeMilliseconds(0x0190_1234_5678));
        string[] ids = [.. Enumerable.Range(0, 1_000).Select(_ => RequestIds.New("gen-", time))];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, static id =>
        {
            Assert.StartsWith("gen-019012345678", id, StringComparison.Ordinal);
            var uuid = Guid.ParseExact(id["gen-".Length..], "N");
            Assert.Equal(7, uuid.Version);
            Assert.InRange(uuid.Variant, 8, 11);
        });
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
