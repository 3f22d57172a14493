using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Normalization.Conversation;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Normalization.Conversation.Adapting;

namespace MeaiRouter.Core.Tests.Normalization.Conversation;

/// <summary>What is not text goes out as the endpoint takes it, or not at all.</summary>
public sealed class MediaTests
{
    private static readonly MediaRule ByAddressOnly = new() { TakesInline = false };

    public static TheoryData<MediaRules, AIContent, string> Refusals => new()
    {
        { new() { Images = MediaRule.None }, Inline("image/png"), "takes no images, and messages[1] holds images. Leave them out, or choose another endpoint." },
        { new() { Images = MediaRule.InlineOnly }, At("https://a/x.png", "image/png"), "takes images only as data in the request, and messages[1] holds an address. Send the data itself." },
        { new() { Images = ByAddressOnly }, Inline("image/png"), "takes images only by address, and messages[1] holds data. Send an address that the provider can fetch." },
        { new() { Images = ByAddressOnly }, At("data:image/png;base64,AA==", "image/png"), "takes images only by address, and messages[1] holds data. Send an address that the provider can fetch." },
        { new() { Images = new() { MediaTypes = ["image/png", "image/webp"] } }, Inline("image/tiff"), "takes images only as image/png, image/webp, and messages[1] holds image/tiff. Convert it." },
        { new() { Images = new() { MaxBytes = 1000 } }, Inline("image/png", 1001), "takes images of at most 1,000 bytes, and messages[1] holds one of 1,001. Send a smaller one." },
        { new() { Images = new() { MaxCount = 0 } }, Inline("image/png"), "takes at most 0 images in a request, and the messages hold 1. Send fewer." },
        { MediaRules.Default, At("https://a/x.pdf", "application/pdf"), "takes files only as data in the request, and messages[1] holds an address. Send the data itself." },
        { new() { Files = MediaRule.None }, new HostedFileContent("file-1"), "takes no files, and messages[1] holds files. Leave them out, or choose another endpoint." },
        { MediaRules.Default, At("https://a/x.mp3", "audio/mpeg"), "takes audio only as data in the request, and messages[1] holds an address. Send the data itself." },
        { new() { Audio = new() { MediaTypes = ["audio/wav"] } }, Inline("audio/ogg"), "takes audio only as audio/wav, and messages[1] holds audio/ogg. Convert it." },
        { new() { Video = MediaRule.None }, At("https://a/x.mp4", "video/mp4"), "takes no video, and messages[1] holds video. Leave them out, or choose another endpoint." },
        { new() { Images = MediaRule.None }, new FunctionResultContent("c", new AIContent[] { Inline("image/png") }), "takes no images, and messages[1] holds images. Leave them out, or choose another endpoint." },
    };

    public static TheoryData<MediaRules, AIContent> Taken => new()
    {
        { MediaRules.Default, Inline("image/png", 1_000_000) },
        { MediaRules.Default, At("https://a/x.png", "image/png") },
        { MediaRules.Default, Inline("application/pdf") },
        { MediaRules.Default, new HostedFileContent("file-1") },
        { MediaRules.Default, Inline("audio/wav") },
        { MediaRules.Default, At("https://a/x.mp4", "video/mp4") },
        { new() { Images = new() { MediaTypes = ["image/jpeg"] } }, Inline("image/JPG") },
        { new() { Images = new() { MediaTypes = ["image/jpeg"] } }, At("https://a/x", "image/*") },
        { new() { Audio = new() { MediaTypes = ["audio/mp3", "audio/wav"] } }, Inline("audio/mpeg") },
        { new() { Images = new() { MaxBytes = 1000, MaxCount = 1 } }, Inline("image/png", 1000) },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_the_endpoint_does_not_take_is_refused_with_what_it_takes_and_the_remedy(MediaRules rules, AIContent content, string message)
    {
        var dialect = new Dialect("d") { Media = rules, Tools = new() { TakesMediaInResults = true } };
        var holder = content is FunctionResultContent ? Tool(content) : new ChatMessage(ChatRole.User, [content]);

        var refusal = await dialect.RefuseAsync(content is FunctionResultContent ? Assistant(Call("c")) : User("See"), holder, User("What is it?"));

        Assert.Equal("The dialect 'd' " + message, refusal.Message);
    }

    [Theory]
    [MemberData(nameof(Taken))]
    public async Task What_the_endpoint_takes_goes_out_as_it_is(MediaRules rules, AIContent content)
    {
        var message = new ChatMessage(ChatRole.User, [content]);

        var sent = await new Dialect("d") { Media = rules }.SendAsync(message);

        Assert.Same(message, sent.Messages.Single());
        Assert.Empty(sent.Notes);
    }

    [Fact]
    public async Task Data_in_the_guise_of_an_address_is_sent_as_data()
    {
        var content = At("data:audio/wav;base64,AAEC", "audio/wav");
        content.AdditionalProperties = Extra("""{"cache_control":{"type":"ephemeral"}}""");

        var sent = await new Dialect("d") { Caching = new() { Marks = CacheMarks.OnParts } }.SendAsync(new ChatMessage(ChatRole.User, [content]));

        var data = Assert.IsType<DataContent>(sent.Messages.Single().Contents.Single());
        Assert.Equal([0, 1, 2], data.Data.ToArray());
        Assert.Same(content.AdditionalProperties, data.AdditionalProperties);
        Assert.Equal(["Data given as a data: address was sent as data."], sent.Notes);
    }

    [Fact]
    public void A_data_address_that_is_not_valid_is_the_callers_fault()
    {
        var options = new ChatOptions();

        var refusal = Assert.Throws<RouterException>(() =>
            ConversationAdapter.Adapt([new(ChatRole.User, [At("data:nonsense", "image/png")])], ref options, To(Plain)));

        Assert.Equal(FailureKind.InvalidRequest, refusal.Kind);
        Assert.Equal("messages[0].contents[0] holds a data: address that is not valid: it must be data:TYPE;base64,DATA.", refusal.Message);
    }

    [Theory]
    [InlineData(new[] { "text" }, new[] { "text", "image" }, false)]
    [InlineData(new string[0], new[] { "text" }, false)]
    [InlineData(new[] { "text", "image" }, new[] { "text" }, true)]
    [InlineData(new string[0], new[] { "text", "Image" }, true)]
    [InlineData(new string[0], null, true)]
    public void What_the_endpoints_model_cannot_see_is_refused_also_in_results_of_tools(string[] endpointTakes, string[]? modelTakes, bool taken)
    {
        var endpoint = new ModelEndpoint("p", "x") { InputModalities = endpointTakes };
        var model = modelTakes is null ? new Model("m") : new Model("m") { InputModalities = modelTakes };
        ChatMessage[] messages = [User("Go"), Assistant(Call("a")), Tool(Result("a", new AIContent[] { Inline("image/png") }))];
        var options = new ChatOptions();
        var refusal = Record.Exception(() => { ConversationAdapter.Adapt(messages, ref options, To(endpoint, model)); }) as RouterException;

        Assert.Equal(taken, refusal is null);
        if (refusal is not null)
        {
            Assert.Equal((FailureKind.Unsupported, "p", "p"), (refusal.Kind, refusal.Provider, refusal.Endpoint));
            Assert.Equal("The endpoint takes text input only, and messages[2] holds images. Choose a model with image input.", refusal.Message);
        }
    }

    private static DataContent Inline(string mediaType, int size = 1) => new(new byte[size], mediaType);

    private static UriContent At(string address, string mediaType) => new(address, mediaType);
}
