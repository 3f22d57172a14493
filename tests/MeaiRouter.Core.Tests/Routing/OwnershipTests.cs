using MeaiRouter.Budgets;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Embeddings;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

/// <summary>Who disposes whom, and only once.</summary>
public sealed class OwnershipTests
{
    [Fact]
    public void A_pipeline_disposes_what_it_wraps_once_however_often_it_is_disposed()
    {
        var (first, second) = (new FakeChatClient(), new FakeChatClient());
        var pipeline = new BudgetChatClient(TestPipeline.Of(first, second), new BudgetBook([]));

        pipeline.Dispose();
        pipeline.Dispose();

        Assert.Equal((1, 1), (first.Disposals, second.Disposals));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void Backups_are_disposed_with_the_layer_unless_left_open(bool leaveOpen, int disposals)
    {
        var (primary, backup) = (new FakeChatClient(), new FakeChatClient());
        var fallback = new FallbackChatClient(primary, [backup], leaveOpen: leaveOpen);

        fallback.Dispose();
        fallback.Dispose();

        Assert.Equal((disposals, disposals), (primary.Disposals, backup.Disposals));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void Providers_are_disposed_with_the_terminal_unless_left_open(bool leaveOpen, int disposals)
    {
        var provider = new FakeChatClient();
        var terminal = new EndpointChatClient(new Dictionary<string, IChatClient> { ["a"] = provider }, leaveOpen);

        terminal.Dispose();
        terminal.Dispose();

        Assert.Equal(disposals, provider.Disposals);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void The_pipeline_under_embeddings_is_disposed_with_them_unless_left_open(bool leaveOpen, int disposals)
    {
        var provider = new FakeChatClient();
        var generator = new PipelineEmbeddingGenerator(TestPipeline.Of(provider), leaveOpen);

        generator.Dispose();
        generator.Dispose();

        Assert.Equal(disposals, provider.Disposals);
    }

    [Fact]
    public void A_backup_that_is_null_is_refused_at_once_with_its_place()
    {
        using var client = new FakeChatClient();

        Assert.StartsWith("The backup at index 1 is null. Every backup must be a client.", Assert.Throws<ArgumentException>("backups", () => new FallbackChatClient(client, [client, null!])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("backups", () => new FallbackChatClient(client, (IEnumerable<IChatClient>)null!));
    }
}
