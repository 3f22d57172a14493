using MeaiRouter.Attempts;
using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Embeddings;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Embeddings;

public sealed class PipelineEmbeddingGeneratorTests : IDisposable
{
    private const string ModelId = "acme/embed";

    private readonly FakeEmbeddings _a = new();
    private readonly FakeEmbeddings _b = new();
    private readonly InMemoryLedger _ledger = new(100);

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    [Fact]
    public async Task Texts_are_embedded_by_the_chosen_endpoint_and_priced_by_their_tokens()
    {
        using var generator = Generator(Pipeline(_a, _b));

        var options = new EmbeddingGenerationOptions { ModelId = ModelId, Dimensions = 3, AdditionalProperties = new() { ["own"] = 1 } }
            .WithRequest(request => request.WithUser("u1").WithTag("search"));
        var made = await generator.GenerateAsync(["one", "three"], options);

        Assert.Equal([3f, 5f], made.Select(embedding => embedding.Vector.Span[0]));
        Assert.Equal(8, made.Usage!.InputTokenCount);
        var (texts, sent) = Assert.Single(_a.Calls);
        Assert.Equal(["one", "three"], texts);
        Assert.Equal(("embed-a", 3), (sent!.ModelId, sent.Dimensions));
        Assert.Equal([new("own", 1)], sent.AdditionalProperties!);
        Assert.Equal(ModelId, options.ModelId);
        Assert.Empty(_b.Calls);

        var record = Assert.Single(_ledger.Records);
        Assert.Equal(new NanoUsd(8 * 1_000), made.GetCost());
        Assert.Equal((ModelId, "u1", new NanoUsd(8 * 1_000), new NanoUsd(8 * 1_000)), (record.RequestedModel, record.User, record.Cost, record.Charge));
        Assert.Equal(["search"], record.Tags);
        Assert.Equal((8, 0), (record.Attempts[0].Usage!.TotalInput, record.Attempts[0].Usage!.TotalOutput));
    }

    [Fact]
    public async Task An_endpoint_that_fails_or_makes_too_few_is_followed_by_the_next()
    {
        var failing = new FakeEmbeddings { Instead = () => throw new RouterException(FailureKind.Unavailable, "Down.") { Status = 503 } };
        var lacking = new FakeEmbeddings { Instead = () => [new Embedding<float>(new float[] { 1 })] };
        using var generator = Generator(Pipeline(failing, lacking, _a));

        var made = await generator.GenerateAsync(["one", "two"], new EmbeddingGenerationOptions { ModelId = ModelId });

        Assert.Equal(2, made.Count);
        var trace = made.GetRouteTrace()!;
        Assert.Equal([FailureKind.Unavailable, FailureKind.MalformedAnswer, null], trace.Attempts.Select(attempt => attempt.Failure?.Kind));
        Assert.Equal("The provider made 1 embeddings of 2 texts.", trace.Attempts[1].Failure!.Message);
    }

    [Fact]
    public async Task A_provider_whose_client_makes_none_is_passed_over_with_a_reason()
    {
        var chatOnly = FakeChatClient.Answering("I am no vector.");
        using var generator = Generator(PipelineOf([chatOnly, Provider(_a)]));

        var made = await generator.GenerateAsync(["one"], new EmbeddingGenerationOptions { ModelId = ModelId });

        Assert.Single(made);
        Assert.Empty(chatOnly.Calls);
        Assert.Equal(FailureKind.Unsupported, made.GetRouteTrace()!.Attempts[0].Failure!.Kind);
    }

    [Fact]
    public async Task A_model_for_conversations_makes_no_embeddings_and_one_for_embeddings_makes_no_conversation()
    {
        using var pipeline = Pipeline(_a);
        using var generator = Generator(pipeline);

        var embeddings = await Assert.ThrowsAsync<RouterException>(
            () => generator.GenerateAsync(["one"], new EmbeddingGenerationOptions { ModelId = TestPipeline.ModelId }));
        var conversation = await Assert.ThrowsAsync<RouterException>(() => pipeline.GetResponseAsync("Hi", new ChatOptions { ModelId = ModelId }));

        Assert.Equal((FailureKind.NoEndpoint, FailureKind.NoEndpoint), (embeddings.Kind, conversation.Kind));
        Assert.Contains("Ask for a model that has 'embeddings' among its output modalities.", embeddings.Message, StringComparison.Ordinal);
        Assert.Contains("It makes embeddings only.", conversation.Message, StringComparison.Ordinal);
        Assert.Empty(_a.Calls);
    }

    [Fact]
    public async Task Each_text_must_fit_the_context_but_not_all_of_them_together()
    {
        using var generator = Generator(Pipeline(_a));
        string[] many = [.. Enumerable.Repeat(new string('x', 300), 50)];

        Assert.Equal(50, (await generator.GenerateAsync(many, new EmbeddingGenerationOptions { ModelId = ModelId })).Count);
        var refused = await Assert.ThrowsAsync<RouterException>(
            () => generator.GenerateAsync(["short", new string('x', 500)], new EmbeddingGenerationOptions { ModelId = ModelId }));

        Assert.Equal(FailureKind.NoEndpoint, refused.Kind);
        Assert.Contains("exceed its context of 100", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_holds_what_the_whole_batch_may_cost()
    {
        // Every text may have as many tokens as bytes and 16 around it; 16 are spent once more, and a token costs 1,000 nano-dollars.
        const int MostTokens = (50 * (300 + 16)) + 16;
        string[] batch = [.. Enumerable.Repeat(new string('x', 300), 50)];
        var options = new EmbeddingGenerationOptions { ModelId = ModelId };

        var enough = new BudgetBook([new Budget(BudgetScope.Parse("global")) { LimitUsd = MostTokens * 0.000_001m }]);
        using (var generator = Generator(new BudgetChatClient(Pipeline(_a), enough)))
            await generator.GenerateAsync(batch, options);
        var balance = Assert.Single(await enough.SnapshotAsync());
        Assert.Equal((new NanoUsd(15_000 * 1_000), NanoUsd.Zero), (balance.Spent, balance.Reserved));

        var tooLittle = new BudgetBook([new Budget(BudgetScope.Parse("global")) { LimitUsd = (MostTokens - 1) * 0.000_001m }]);
        using var refusing = Generator(new BudgetChatClient(Pipeline(_b), tooLittle));
        var refusal = await Assert.ThrowsAsync<RouterException>(() => refusing.GenerateAsync(batch, options));
        Assert.Equal(FailureKind.BudgetExceeded, refusal.Kind);
        Assert.Empty(_b.Calls);
    }

    [Fact]
    public async Task Backups_are_not_asked_because_they_would_take_the_texts_for_a_conversation()
    {
        var failing = new FakeEmbeddings { Instead = () => throw new RouterException(FailureKind.Unavailable, "Down.") };
        var backup = FakeChatClient.Answering("Hello");
        var terminal = new EndpointChatClient(new Dictionary<string, IChatClient> { ["a"] = Provider(failing) });
        using var generator = Generator(new FallbackChatClient(terminal, [backup], TestPipeline.Unheld));

        await Assert.ThrowsAsync<RouterException>(() => generator.GenerateAsync(["one"]));

        Assert.Empty(backup.Calls);
    }

    [Fact]
    public void A_pipeline_that_ends_in_any_other_client_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new PipelineEmbeddingGenerator(FakeChatClient.Answering("Hello")));

        Assert.StartsWith("The pipeline does not end in an EndpointChatClient", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_embed_asks_nobody()
    {
        using var generator = Generator(Pipeline(_a));

        Assert.Empty(await generator.GenerateAsync([]));
        Assert.Empty(_a.Calls);
    }

    [Fact]
    public void Whoever_owns_the_pipeline_disposes_it()
    {
        var provider = Provider(_a);
        using (Generator(PipelineOf([provider]), leaveOpen: true))
        {
        }

        Assert.Equal(0, provider.Disposals);
        Generator(PipelineOf([provider])).Dispose();
        Assert.Equal(1, provider.Disposals);
    }

    private static PipelineEmbeddingGenerator Generator(IChatClient pipeline, bool leaveOpen = false) => new(pipeline, leaveOpen);

    private static FakeChatClient Provider(FakeEmbeddings embeddings) => new([]) { Service = embeddings };

    private CostTrackingChatClient Pipeline(params FakeEmbeddings[] providers) => PipelineOf([.. providers.Select(Provider)]);

    private CostTrackingChatClient PipelineOf(FakeChatClient[] providers)
    {
        var endpoints = TestPipeline.Model(providers.Length).Endpoints;
        var model = new Model(ModelId)
        {
            ContextLength = 100,
            OutputModalities = ["embeddings"],
            Endpoints = [.. endpoints.Select(endpoint => new ModelEndpoint(endpoint.Provider, $"embed-{endpoint.Provider}") { Price = endpoint.Price })],
        };
        var catalog = new ModelCatalog([model, TestPipeline.Model(1)]);
        return new CostTrackingChatClient(
            new RouterChatClient(
                new FallbackChatClient(new NormalizingChatClient(TestPipeline.Endpoint(providers)), TestPipeline.Unheld), catalog, TestPipeline.Routing),
            _ledger);
    }
}
