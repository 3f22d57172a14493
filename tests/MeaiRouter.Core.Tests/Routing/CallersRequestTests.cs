using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

/// <summary>What the pipeline may do to the options and messages it is given: nothing.</summary>
public sealed class CallersRequestTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Options_are_never_changed_and_providers_never_see_what_is_ours(bool streaming)
    {
        var failing = FakeChatClient.Playing(new HttpRequestException("Down.", null, System.Net.HttpStatusCode.ServiceUnavailable));
        var answering = FakeChatClient.Answering("Hello");
        var preferences = new RoutingPreferences { Models = [TestPipeline.ModelId] };
        var options = new ChatOptions { ModelId = TestPipeline.ModelId, AdditionalProperties = new() { ["mine"] = 1 }, StopSequences = ["x"] }
            .WithRouting(preferences)
            .WithRequestId("id");

        await TestPipeline.Of(failing, answering).AskAsync(streaming, options);

        Assert.Equal(TestPipeline.ModelId, options.ModelId);
        Assert.Equal(["meairouter.id", "meairouter.routing", "mine"], options.AdditionalProperties!.Keys.Order());
        Assert.Same(preferences, options.GetRouting());
        foreach (var (provider, model) in new[] { (failing, "large-a"), (answering, "large-b") })
        {
            Assert.NotSame(options, provider.Call.Given);
            Assert.Equal(model, provider.Call.Options!.ModelId);
            Assert.Equal(["mine"], provider.Call.Options.AdditionalProperties!.Keys);
            Assert.Equal(["x"], provider.Call.Options.StopSequences!);
        }

        Assert.NotSame(failing.Call.Given, answering.Call.Given);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_options_the_provider_gets_the_model_and_nothing_else(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");

        await TestPipeline.Of(provider).AskAsync(streaming);

        Assert.Equal("large-a", provider.Call.Options!.ModelId);
        Assert.Null(provider.Call.Options.AdditionalProperties);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_subclass_of_options_reaches_the_provider_with_what_its_Clone_keeps(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");
        var options = new KernelStyleOptions { Kernel = new object() };

        await TestPipeline.Of(provider).AskAsync(streaming, options);

        Assert.Same(options.Kernel, Assert.IsType<KernelStyleOptions>(provider.Call.Given).Kernel);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Clone_that_shares_its_properties_does_not_carry_ours_to_the_caller(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");
        var options = new SharingOptions { AdditionalProperties = new() { ["mine"] = 1 } }.WithRouting(new() { Only = ["a"] });

        await TestPipeline.Of(provider, new FakeChatClient()).AskAsync(streaming, options);

        Assert.Equal(["meairouter.routing", "mine"], options.AdditionalProperties!.Keys.Order());
        Assert.Equal(["mine"], provider.Call.Options!.AdditionalProperties!.Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_are_read_once_for_any_number_of_attempts(bool streaming)
    {
        FakeChatClient[] providers = [FakeChatClient.Playing(new HttpRequestException("Down.", null, System.Net.HttpStatusCode.ServiceUnavailable)), FakeChatClient.Answering("Hello")];
        var messages = new EnumeratedOnce<ChatMessage>([new(ChatRole.System, "Be kind."), new(ChatRole.User, "Hi")]);
        var pipeline = TestPipeline.Of(providers);

        var response = streaming
            ? await pipeline.GetStreamingResponseAsync(messages).ToChatResponseAsync()
            : await pipeline.GetResponseAsync(messages);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(1, messages.Enumerations);
        Assert.All(providers, provider => Assert.Equal(["Be kind.", "Hi"], provider.Call.Messages.Select(message => message.Text)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_that_are_adapted_to_a_dialect_are_copies(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");
        var call = new FunctionCallContent("not legal!", "f");
        List<ChatMessage> messages = [new(ChatRole.Assistant, [call]), new(ChatRole.Tool, [new FunctionResultContent("not legal!", "r")])];
        var before = messages.ToList();
        var client = new NormalizingChatClient(provider, new Dialect("strict"));

        _ = streaming ? await client.GetStreamingResponseAsync(messages).ToChatResponseAsync() : await client.GetResponseAsync(messages);

        Assert.Equal(before, messages);
        Assert.Same(call, Assert.Single(messages[0].Contents));
        Assert.Equal("not legal!", call.CallId);
        Assert.NotEqual("not legal!", Assert.IsType<FunctionCallContent>(Assert.Single(provider.Call.Messages[0].Contents)).CallId);
    }

    [Fact]
    public void A_request_without_messages_is_refused_at_once()
    {
        var pipeline = TestPipeline.Of(new FakeChatClient());

        Assert.Throws<ArgumentNullException>("messages", () => { _ = pipeline.GetResponseAsync((IEnumerable<ChatMessage>)null!); });
        Assert.Throws<ArgumentNullException>("messages", () => { _ = pipeline.GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!); });
    }

    /// <summary>As Semantic Kernel's options: what makes them special survives only through their own Clone.</summary>
    private sealed class KernelStyleOptions : ChatOptions
    {
        public KernelStyleOptions()
        {
        }

        private KernelStyleOptions(KernelStyleOptions other)
            : base(other) => Kernel = other.Kernel;

        public object? Kernel { get; init; }

        public override ChatOptions Clone() => new KernelStyleOptions(this);
    }

    /// <summary>Clone is documented as shallow, so it may be as shallow as this.</summary>
    private sealed class SharingOptions : ChatOptions
    {
        public override ChatOptions Clone() => (ChatOptions)MemberwiseClone();
    }
}
