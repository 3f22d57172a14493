using MeaiRouter.Budgets;
using MeaiRouter.Caching;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class PipelineOrderTests
{
    // Those that every subset is made of, and those besides.
    private static readonly (string Name, Func<IChatClient, IChatClient> Add)[] Layers =
    [
        (nameof(CostTrackingChatClient), inner => new CostTrackingChatClient(inner)),
        (nameof(RouterChatClient), inner => new RouterChatClient(inner, TestPipeline.Catalog(2), TestPipeline.Routing)),
        (nameof(FallbackChatClient), inner => new FallbackChatClient(inner)),
        (nameof(NormalizingChatClient), inner => new NormalizingChatClient(inner)),
    ];

    private static readonly (string Name, Func<IChatClient, IChatClient> Add)[] AllLayers =
    [
        (nameof(BudgetChatClient), inner => new BudgetChatClient(inner, new BudgetBook([]), PriceBook.Empty)),
        Layers[0],
        (nameof(ResponseCacheChatClient), inner => new ResponseCacheChatClient(inner, new NoStore())),
        .. Layers[1..],
    ];

    public static TheoryData<int, int, bool> Pairs()
    {
        var pairs = new TheoryData<int, int, bool>();
        foreach (var outer in Enumerable.Range(0, 6))
        {
            foreach (var inner in Enumerable.Range(0, 6))
            {
                pairs.Add(outer, inner, false);
                pairs.Add(outer, inner, true);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Two_layers_stand_in_their_order_or_are_refused_with_both_names(int outer, int inner, bool strangerBetween)
    {
        var (outerName, addOuter) = AllLayers[outer];
        var (innerName, addInner) = AllLayers[inner];
        var inside = addInner(TestPipeline.Endpoint(new FakeChatClient(), new FakeChatClient()));
        if (strangerBetween)
            inside = new PassThrough(inside);

        if (outer < inner)
        {
            Assert.NotNull(addOuter(inside));
            return;
        }

        var expected = outer == inner
            ? $"The pipeline has two {outerName} layers, and each would do the other's work again. Remove one."
            : $"{innerName} must be outside {outerName}, but the pipeline has it inside; in this order attempts and their costs would be lost. " +
              $"Add {innerName} to the builder before {outerName}.";
        Assert.Equal(expected, Assert.Throws<InvalidOperationException>(() => addOuter(inside)).Message);
    }

    [Fact]
    public void A_layer_in_the_wrong_place_is_found_behind_any_number_of_right_ones()
    {
        var pipeline = new FallbackChatClient(new PassThrough(new NormalizingChatClient(new PassThrough(new FakeChatClient()))));

        Assert.Throws<InvalidOperationException>(() => new NormalizingChatClient(pipeline));
        Assert.Throws<InvalidOperationException>(() => new FallbackChatClient(new CostTrackingChatClient(pipeline)));
    }

    public static TheoryData<int, bool, bool, bool> Subsets()
    {
        var subsets = new TheoryData<int, bool, bool, bool>();
        foreach (var mask in Enumerable.Range(0, 16))
        {
            foreach (var terminal in new[] { false, true })
            {
                foreach (var strangers in new[] { false, true })
                {
                    subsets.Add(mask, terminal, strangers, false);
                    subsets.Add(mask, terminal, strangers, true);
                }
            }
        }

        return subsets;
    }

    [Theory]
    [MemberData(nameof(Subsets))]
    public async Task Every_subset_of_the_layers_works_with_and_without_a_terminal_and_strangers_between(
        int mask, bool terminal, bool strangers, bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello there", new() { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 });
        var other = new FakeChatClient();
        var routed = (mask & 2) != 0;
        var client = terminal ? (routed ? TestPipeline.Endpoint(provider, other) : TestPipeline.Endpoint(provider)) : (IChatClient)provider;
        for (var i = 3; i >= 0; i--)
        {
            if ((mask & (1 << i)) == 0)
                continue;
            client = Layers[i].Add(strangers ? new PassThrough(client) : client);
        }

        var options = new ChatOptions { ModelId = TestPipeline.ModelId }.WithRouting(new() { Ignore = ["b"] });
        var response = await client.AskAsync(streaming, options);

        Assert.Equal(("Hello there", ChatFinishReason.Stop), (response.Text, response.FinishReason));
        Assert.Equal((10, 5, 15), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.TotalTokenCount));
        Assert.Single(response.Messages);
        Assert.Equal(routed ? "large-a" : TestPipeline.ModelId, provider.Call.Options!.ModelId);
        Assert.Equal([ChatOptionsKey], options.AdditionalProperties!.Keys);
        if (mask != 0 || terminal)
            Assert.DoesNotContain(provider.Call.Options.AdditionalProperties?.Keys ?? [], key => key.StartsWith("meairouter.", StringComparison.Ordinal));

        var attempts = response.GetRouteTrace()?.Attempts;
        if ((mask & 7) != 0)
            Assert.Equal([routed ? "a Answered" : $"{attempts![0].Provider} Answered"], attempts!.Told());
        if ((mask & 3) == 3)
            Assert.Equal(TestPipeline.Price(0).CostOf(attempts![0].Usage!.Value), response.GetCost());
        Assert.Empty(other.Calls);
    }

    private const string ChatOptionsKey = "meairouter.routing";
}
