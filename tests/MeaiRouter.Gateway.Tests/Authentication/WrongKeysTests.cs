using System.Net;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeaiRouter.Gateway.Tests.Authentication;

/// <summary>Keys cannot be found by trying.</summary>
public sealed class WrongKeysTests : GatewayTest
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task After_too_many_wrong_keys_an_address_is_not_served_until_its_window_ends()
    {
        await using var gateway = await StartGatewayAsync(
            router => router.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)),
            ("MeaiRouter:Gateway:Limits:MaxWrongKeys", "3"), ("MeaiRouter:Gateway:Limits:WrongKeysWindow", "00:05:00"));

        // Neither a right key nor none at all is a guess.
        foreach (var key in new[] { Key, null, Key, null, "wrong-1", "wrong-2", Key })
            Assert.Equal(key == Key ? 200 : 401, (await gateway.GetAsync("/v1/models", key)).Status);
        Assert.Equal(401, (await gateway.GetAsync("/v1/models", "wrong-3")).Status);

        foreach (var key in new[] { Key, "wrong-4", null })
        {
            var answer = await gateway.GetAsync("/v1/models", key);
            Assert.Equal((429, "rate_limit_exceeded"), (answer.Status, (string)answer.Error["metadata"]!["error_type"]!));
            Assert.Equal(("Too many wrong keys came from this address. Try again in 300 seconds.", "300"), ((string)answer.Error["message"]!, answer.Headers["Retry-After"]));
        }

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(200, (await gateway.GetAsync("/v1/models", Key)).Status);
    }

    [Fact]
    public void A_window_begins_with_its_first_wrong_key_and_each_address_has_its_own()
    {
        var time = new ManualTimeProvider();
        var keys = new WrongKeys(2, TimeSpan.FromMinutes(1), time);
        var (one, other) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));

        keys.Add(one);
        time.Advance(TimeSpan.FromSeconds(59));
        keys.Add(one);
        keys.Add(other);
        Assert.Equal(TimeSpan.FromSeconds(1), Refusal(keys, one)?.RetryAfter);
        Assert.Null(Refusal(keys, other));

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(Refusal(keys, one));
        keys.Add(one);
        Assert.Null(Refusal(keys, one));
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:2:ffff::4", true)]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:3::3", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void An_address_is_known_in_each_of_its_forms(string wrong, string right, bool isRefused)
    {
        var keys = new WrongKeys(1, TimeSpan.FromMinutes(1), new ManualTimeProvider());

        keys.Add(IPAddress.Parse(wrong));

        Assert.Equal(isRefused, Refusal(keys, IPAddress.Parse(right)) is not null);
    }

    [Fact]
    public void A_hundred_thousand_addresses_take_no_more_room_than_the_first_sixteen_thousand_and_the_busiest_is_not_forgotten()
    {
        var keys = new WrongKeys(5, TimeSpan.FromMinutes(1), new ManualTimeProvider());
        var busiest = IPAddress.Parse("198.51.100.1");
        for (var i = 0; i < 5; i++)
            keys.Add(busiest);

        for (var i = 0u; i < 100_000; i++)
            keys.Add(new IPAddress(0x0A000000u + i));

        Assert.NotNull(Refusal(keys, busiest));
        Assert.InRange(keys.Count, 1, 16_384);
    }

    private static GatewayException? Refusal(WrongKeys keys, IPAddress address)
    {
        try
        {
            keys.RefuseIfTooMany(address);
            return null;
        }
        catch (GatewayException refusal)
        {
            return refusal;
        }
    }
}
