using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Conversation;

/// <summary>Who takes media only as data gets the data of an address, where somebody was named to fetch it.</summary>
public sealed class FetchedMediaTests
{
    private static readonly Dialect InlineOnly = new("inline") { Media = new() { Images = MediaRule.InlineOnly }, Tools = new() { TakesMediaInResults = true } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Data_takes_the_place_of_addresses_also_in_results_with_the_marks_of_each_place(bool streaming)
    {
        var marked = At("https://a/1");
        marked.AdditionalProperties = new() { ["mark"] = 1 };
        ChatMessage[] messages =
        [
            new(ChatRole.User, [new TextContent("See"), marked, At("https://a/2")]),
            new(ChatRole.Assistant, [new FunctionCallContent("c", "look")]),
            new(ChatRole.Tool, [new FunctionResultContent("c", new List<AIContent> { new TextContent("This"), At("https://a/1") })]),
        ];
        var fetcher = new Fetcher();

        var (sent, notes) = await SendAsync(InlineOnly, fetcher, streaming, messages);

        Assert.Equal(["https://a/1", "https://a/2"], fetcher.Asked);
        var (first, second) = (Assert.IsType<DataContent>(sent[0].Contents[1]), Assert.IsType<DataContent>(sent[0].Contents[2]));
        Assert.Equal(["https://a/1", "https://a/2"], new[] { first, second }.Select(Text));
        Assert.Equal(1, first.AdditionalProperties!["mark"]);
        Assert.Null(second.AdditionalProperties);
        var result = Assert.IsType<FunctionResultContent>(Assert.Single(sent[2].Contents)).Result;
        Assert.Equal("https://a/1", Text(Assert.IsType<DataContent>(Assert.IsAssignableFrom<IEnumerable<AIContent>>(result).Last())));
        Assert.Equal(["Media given by address were fetched and sent as data: 2."], notes);
        Assert.Same(marked, messages[0].Contents[1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_addresses_are_taken_or_there_are_none_nothing_is_fetched_and_nothing_copied(bool streaming)
    {
        var fetcher = new Fetcher();
        ChatMessage[] withAddress = [new(ChatRole.User, [At("https://a/1")])], withData = [new(ChatRole.User, [new DataContent(new byte[1], "image/png")])];

        Assert.Same(withAddress[0], (await SendAsync(Dialect.Default, fetcher, streaming, withAddress)).Sent[0]);
        Assert.Same(withData[0], (await SendAsync(InlineOnly, fetcher, streaming, withData)).Sent[0]);
        Assert.Empty(fetcher.Asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_cannot_be_fetched_is_unsupported_so_that_another_endpoint_may_be_asked(bool streaming)
    {
        var fetcher = new Fetcher { Refusal = "it is not there" };

        var refusal = await Assert.ThrowsAsync<RouterException>(() => SendAsync(InlineOnly, fetcher, streaming, [new(ChatRole.User, [At("https://a/1?secret")])]));

        Assert.Equal(FailureKind.Unsupported, refusal.Kind);
        Assert.Equal(
            "The dialect 'inline' takes some media only as data in the request, and one that is given by its address is not to be had: it is not there. Send the data itself.", refusal.Message);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_fetching()
    {
        var fetcher = new Fetcher { Waits = true };
        using var leaving = new CancellationTokenSource();
        var client = new NormalizingChatClient(FakeChatClient.Answering("Hello"), new NormalizingOptions { Dialect = InlineOnly, MediaFetcher = fetcher });

        var asking = client.GetResponseAsync([new(ChatRole.User, [At("https://a/1")])], cancellationToken: leaving.Token);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private static async Task<(IReadOnlyList<ChatMessage> Sent, IReadOnlyList<string> Notes)> SendAsync(Dialect dialect, Fetcher fetcher, bool streaming, ChatMessage[] messages)
    {
        var provider = FakeChatClient.Answering("Hello");
        var client = new NormalizingChatClient(provider, new NormalizingOptions { Dialect = dialect, MediaFetcher = fetcher });
        var response = streaming ? await client.GetStreamingResponseAsync(messages).ToChatResponseAsync() : await client.GetResponseAsync(messages);
        return (provider.Call.Messages, response.Trace().Notes);
    }

    private static UriContent At(string address) => new(address, "image/*");

    private static string Text(DataContent data) => System.Text.Encoding.UTF8.GetString(data.Data.Span);

    /// <summary>Fetches from every address the address itself.</summary>
    private sealed class Fetcher : IMediaFetcher
    {
        public List<string> Asked { get; } = [];

        public string? Refusal { get; init; }

        public bool Waits { get; init; }

        public async Task<DataContent> FetchAsync(UriContent content, CancellationToken cancellationToken)
        {
            Asked.Add(content.Uri.OriginalString);
            if (Waits)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return Refusal is { } refusal ? throw new MediaFetchException(refusal) : new DataContent(System.Text.Encoding.UTF8.GetBytes(content.Uri.OriginalString), "image/png");
        }
    }
}
