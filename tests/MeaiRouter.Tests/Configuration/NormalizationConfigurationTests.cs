using MeaiRouter.Configuration;
using MeaiRouter.Normalization;
using MeaiRouter.Normalization.Compression;

namespace MeaiRouter.Tests.Configuration;

public sealed class NormalizationConfigurationTests
{
    [Fact]
    public void What_is_done_where_an_endpoint_differs_is_set_by_configuration()
    {
        var options = Read("""
            { "Normalization": { "UnsupportedParameters": "refuse", "StreamStructured": "passThrough", "Compression": { "OutputReserve": 100, "MaxMessages": 20 } } }
            """);

        Assert.Equivalent(
            new NormalizingOptions
            {
                UnsupportedParameters = UnsupportedParameters.Refuse,
                StreamStructured = StructuredStreaming.PassThrough,
                Compression = new ContextCompression { OutputReserve = 100, MaxMessages = 20 },
            },
            options,
            strict: true);
    }

    [Theory]
    [InlineData("""{ "Normalization": { "Compression": true } }""", true)]
    [InlineData("""{ "Normalization": { "Compression": false } }""", false)]
    [InlineData("""{ "Normalization": { "StreamStructured": "hold" } }""", false)]
    [InlineData("{}", false)]
    public void Compression_is_off_unless_one_word_switches_it_on(string layer, bool isOn) =>
        Assert.Equivalent(new NormalizingOptions { Compression = isOn ? new ContextCompression() : null }, Read(layer), strict: true);

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once() => Assert.Equal(
        [
            "MeaiRouter:Normalization:Compression:MaxMessages: '0' is not a whole number of at least 1.",
            "MeaiRouter:Normalization:Compression:OutputReserves: 'OutputReserves' is not a setting. Did you mean 'OutputReserve'?",
            "MeaiRouter:Normalization:StreamStructured: 'never' is not one of hold, passthrough.",
            "MeaiRouter:Normalization:UnsupportedParameters: 'drop' is not one of adapt, refuse.",
        ],
        Assert.Throws<MeaiRouterConfigurationException>(() => Read("""
            { "Normalization": { "UnsupportedParameters": "drop", "StreamStructured": "never", "Compression": { "OutputReserves": 1, "MaxMessages": 0 } } }
            """)).Errors.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("""{ "CompressContext": true, "HealAnswers": false }""", true, false)]
    [InlineData("""{ "Order": [ "acme" ] }""", null, null)]
    public void A_preset_may_switch_compression_and_mending(string provider, bool? compresses, bool? heals)
    {
        var routing = new Routing.RoutingOptions();
        RouterConfiguration.Read(Json.Section(Json.Smallest, $$"""{ "Presets": { "p": { "Provider": {{provider}} } } }"""), static _ => null).Routing(routing);

        var preferences = routing.Presets["p"].Preferences;
        Assert.Equal((compresses, heals), (preferences.CompressContext, preferences.HealAnswers));
    }

    private static NormalizingOptions Read(string layer)
    {
        var options = new NormalizingOptions();
        RouterConfiguration.Read(Json.Section(Json.Smallest, layer), static _ => null).Normalization(options);
        return options;
    }
}
