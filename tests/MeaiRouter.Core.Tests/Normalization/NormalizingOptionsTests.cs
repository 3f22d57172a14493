using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization;

public sealed class NormalizingOptionsTests
{
    [Fact]
    public void By_default_requests_are_adapted_to_the_default_dialect()
    {
        var options = new NormalizingOptions();

        Assert.Equal((Dialect.Default, UnsupportedParameters.Adapt), (options.Dialect, options.UnsupportedParameters));
    }

    [Fact]
    public void A_value_that_cannot_be_is_refused_with_its_name_and_the_remedy()
    {
        using var provider = FakeChatClient.Answering("Hello");

        var dialect = Assert.Throws<ArgumentException>(() => new NormalizingChatClient(provider, new NormalizingOptions { Dialect = null! }));
        var mode = Assert.Throws<ArgumentException>(() => new NormalizingChatClient(provider, new NormalizingOptions { UnsupportedParameters = (UnsupportedParameters)7 }));

        Assert.Equal("Dialect is null; set a dialect, such as Dialect.Default.", dialect.Message);
        Assert.Equal("UnsupportedParameters is 7; it must be one of Adapt, Refuse.", mode.Message);
    }

    [Fact]
    public async Task The_layer_keeps_a_copy_of_its_options()
    {
        var options = new NormalizingOptions { Dialect = new Dialect("d") { Parameters = new Dictionary<string, ParameterRule> { ["top_k"] = ParameterRule.Refused } } };
        var provider = FakeChatClient.Answering("Hello");
        var client = new NormalizingChatClient(provider, options);

        options.Dialect = Dialect.Default;
        options.UnsupportedParameters = UnsupportedParameters.Refuse;
        await client.GetResponseAsync([new(ChatRole.User, "Hi")], new() { TopK = 1 });

        Assert.Null(provider.Call.Options!.TopK);
    }
}
