using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Hosting;
using MeaiRouter.Gateway.Media;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Tests.Running;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>The settings about HTTP: their defaults, where they go, and what is wrong with them.</summary>
public sealed class WebSettingsTests : GatewayTest
{
    [Fact]
    public void Defaults()
    {
        Assert.Equal(
            new WebSettings
            {
                Limits = new RequestLimits { MaxBodyBytes = 33_554_432, MaxMessages = 10_000, MaxJsonDepth = 64, MaxMediaBytes = 20_971_520, BodyTimeout = TimeSpan.FromMinutes(2) },
                KeepAlive = TimeSpan.FromSeconds(15),
                AccessLog = false,
                Docs = true,
                FetchMedia = null,
                Cors = null,
                MaxWrongKeys = 30,
                WrongKeysWindow = TimeSpan.FromMinutes(1),
                ShutdownTimeout = null,
                MaxHeaderBytes = null,
                HeadersTimeout = null,
                MinBytesPerSecond = null,
                SlownessGrace = null,
            },
            Gateway.Services.GetRequiredService<GatewaySettings>().Web);
    }

    [Fact]
    public async Task What_only_the_server_can_keep_is_handed_to_it()
    {
        await using var gateway = await StartGatewayAsync(
            ("MeaiRouter:Gateway:ShutdownTimeout", "00:01:30"), ("MeaiRouter:Gateway:Limits:MaxHeaderBytes", "5000"), ("MeaiRouter:Gateway:Limits:HeadersTimeout", "00:00:07"),
            ("MeaiRouter:Gateway:Limits:MinBytesPerSecond", "1000"), ("MeaiRouter:Gateway:Limits:SlownessGrace", "00:00:02"));

        var limits = gateway.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal((5000, TimeSpan.FromSeconds(7)), (limits.MaxRequestHeadersTotalSize, limits.RequestHeadersTimeout));
        Assert.All([limits.MinRequestBodyDataRate, limits.MinResponseDataRate], rate => Assert.Equal((1000, TimeSpan.FromSeconds(2)), (rate!.BytesPerSecond, rate.GracePeriod)));
        Assert.Equal(TimeSpan.FromSeconds(90), gateway.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    [Theory]
    [InlineData("FetchMedia", "true", false, 20_971_520, 5)]
    [InlineData("FetchMedia:AllowHttp", "true", true, 20_971_520, 5)]
    [InlineData("FetchMedia:MaxBytes", "99", false, 99, 5)]
    [InlineData("FetchMedia:Timeout", "00:00:02", false, 20_971_520, 2)]
    public async Task Fetching_is_switched_on_by_one_word_or_by_what_differs(string key, string value, bool allowsHttp, int maxBytes, int seconds)
    {
        await using var gateway = await StartGatewayAsync(($"MeaiRouter:Gateway:{key}", value));

        Assert.Equal(
            new MediaSettings { AllowHttp = allowsHttp, MaxBytes = maxBytes, Timeout = TimeSpan.FromSeconds(seconds) },
            gateway.Services.GetRequiredService<GatewaySettings>().Web.FetchMedia);
    }

    [Theory]
    [InlineData("FetchMedia", "some", "'some' is not true or false.")]
    [InlineData("FetchMedia:MaxBytes", "0", "'0' is not a whole number of at least 1.")]
    [InlineData("FetchMedia:AllowHTTPs", "true", "'AllowHTTPs' is not a setting. Did you mean 'AllowHttp'?")]
    [InlineData("Docs", "maybe", "'maybe' is not true or false.")]
    [InlineData("KeepAlive", "soon", "'soon' is not a duration of less than a day, such as 00:00:10 (hours:minutes:seconds), or 00:00:00 for none.")]
    [InlineData("AccessLog", "some", "'some' is not true or false.")]
    [InlineData("Limits:MaxBodyBytes", "0", "'0' is not a whole number of at least 1.")]
    [InlineData("Limits:MaxJsonDepth", "65", "'65' is more than 64, the deepest that is read at all.")]
    [InlineData("Limits:SlownessGrace", "00:00:01", "must be more than a second: the server looks once a second.")]
    [InlineData("Limits:MaxBytes", "5", "'MaxBytes' is not a setting. Did you mean 'MaxBodyBytes'?")]
    [InlineData("Cors:MaxAge", "00:10:00", "is missing. List the origins of the pages that may call, such as https://app.example.com.", "Cors:Origins")]
    [InlineData("Cors:Origins:0", "app.example.com", "'app.example.com' is not an origin. Write scheme, host and port alone, such as https://app.example.com, or * for all.", "Cors:Origins")]
    [InlineData("Cors:Origins:0", "https://app.example.com/", "'https://app.example.com/' is not an origin. Write scheme, host and port alone, such as https://app.example.com, or * for all.", "Cors:Origins")]
    public async Task A_setting_that_makes_no_sense_is_told_at_the_start(string key, string value, string says, string? at = null)
    {
        var exception = await Assert.ThrowsAsync<MeaiRouterConfigurationException>(() => StartGatewayAsync(($"MeaiRouter:Gateway:{key}", value)));

        Assert.Contains($"MeaiRouter:Gateway:{at ?? key}: {says}", exception.Message, StringComparison.Ordinal);
    }
}
