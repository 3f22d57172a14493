using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Models;

/// <summary>Filters, orders and pages of the list of models.</summary>
public sealed class ModelQueryTests : GatewayTest
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Models:acme/small:Endpoints:0:SupportedParameters:0"] = "tools",
        ["MeaiRouter:Models:acme/draw:Name"] = "Acme Draw",
        ["MeaiRouter:Models:acme/draw:OutputModalities:0"] = "image",
        ["MeaiRouter:Models:acme/draw:ContextLength"] = "4096",
        ["MeaiRouter:Models:acme/draw:Endpoints:0:Provider"] = "second",
        ["MeaiRouter:Models:acme/draw:Endpoints:0:Model"] = "draw-2",
        ["MeaiRouter:Models:acme/draw:Endpoints:0:PricePerMillion:Prompt"] = "3",
        ["MeaiRouter:Models:acme/draw:Endpoints:0:PricePerMillion:Completion"] = "4",
        ["MeaiRouter:Models:other/vector:OutputModalities:0"] = "audio",
        ["MeaiRouter:Models:other/vector:Endpoints:0:Provider"] = "first",
        ["MeaiRouter:Models:other/vector:Endpoints:0:Model"] = "vector-1",
        ["MeaiRouter:Models:other/vector:Endpoints:0:SupportedParameters:0"] = "tools",
        ["MeaiRouter:Models:other/vector:Endpoints:0:SupportedParameters:1"] = "seed",
        ["MeaiRouter:Models:other/vector:Endpoints:0:DataPolicy:Retention"] = "none",
        ["MeaiRouter:Models:other/vector:Endpoints:0:Regions:0"] = "eu",
        ["MeaiRouter:Aliases:fast"] = Model,
    };

    [Theory]
    [InlineData("", "acme/draw acme/small other/vector")]
    [InlineData("q=SMALL", "acme/small")]
    [InlineData("q=acme+draw", "acme/draw")]
    [InlineData("arch=vector", "other/vector")]
    [InlineData("category=programming", "")]
    [InlineData("supported_parameters=tools", "acme/small other/vector")]
    [InlineData("supported_parameters=tools,seed", "other/vector")]
    [InlineData("input_modalities=image,audio", "acme/small")]
    [InlineData("output_modalities=image", "acme/draw")]
    [InlineData("output_modalities=image,text", "acme/draw acme/small")]
    [InlineData("output_modalities=all", "acme/draw acme/small other/vector")]
    [InlineData("context=4097", "acme/small")]
    [InlineData("min_price=0.6", "acme/draw")]
    [InlineData("max_price=0.6", "acme/small")]
    [InlineData("min_output_price=2&max_output_price=4", "acme/draw")]
    [InlineData("model_authors=other,nobody", "other/vector")]
    [InlineData("providers=First", "acme/small other/vector")]
    [InlineData("distillable=true", "")]
    [InlineData("distillable=false", "acme/draw acme/small other/vector")]
    [InlineData("zdr=true", "other/vector")]
    [InlineData("region=EU", "other/vector")]
    [InlineData("min_age_days=1", "")]
    [InlineData("min_intelligence_index=10", "")]
    [InlineData("min_tool_success_rate=0.5", "")]
    [InlineData("q=&sort=&unknown=1", "acme/draw acme/small other/vector")]
    [InlineData("sort=pricing-low-to-high", "acme/small acme/draw other/vector")]
    [InlineData("sort=pricing-high-to-low", "acme/draw acme/small other/vector")]
    [InlineData("sort=context-high-to-low", "acme/small acme/draw other/vector")]
    [InlineData("sort=newest", "acme/draw acme/small other/vector")]
    [InlineData("sort=coding-high-to-low", "acme/draw acme/small other/vector")]
    [InlineData("offset=1&limit=1", "acme/small")]
    [InlineData("offset=2", "other/vector")]
    [InlineData("offset=9&limit=5", "")]
    public async Task A_query_filters_orders_and_pages(string query, string ids)
    {
        var list = await Gateway.GetAsync($"/v1/models?{query}");
        var count = await Gateway.GetAsync($"/api/v1/models/count?{query}");

        Assert.Equal(ids, Ids(list));
        var isPage = query.Contains("offset", StringComparison.Ordinal);
        var total = isPage ? 3 : ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        Assert.Equal(total, (int)list.Json["total_count"]!);
        HttpAnswer.AssertJson($$"""{ "data": { "count": {{total}} } }""", count.Json);
    }

    [Fact]
    public async Task Each_page_names_the_next_until_there_is_none()
    {
        var pages = new List<string>();
        for (string? next = "/v1/models?sort=pricing-low-to-high&limit=2"; next is not null;)
        {
            var page = await Gateway.GetAsync(next);
            pages.Add(Ids(page));
            next = (string?)page.Json["links"]!["next"];
        }

        Assert.Equal(["acme/small acme/draw", "other/vector"], pages);
    }

    [Theory]
    [InlineData("limit=0", "'limit' is '0'; it must be a whole number from 1 to 1000.")]
    [InlineData("limit=1001", "'limit' is '1001'; it must be a whole number from 1 to 1000.")]
    [InlineData("offset=-1", "'offset' is '-1'; it must be a whole number of at least 0.")]
    [InlineData("context=big", "'context' is 'big'; it must be a whole number of at least 0.")]
    [InlineData("max_price=cheap", "'max_price' is 'cheap'; it must be a number.")]
    [InlineData("zdr=perhaps", "'zdr' is 'perhaps'; it must be true or false.")]
    [InlineData("use_rss=true", "'use_rss' is not supported: this gateway lists models as JSON alone.")]
    public async Task A_parameter_that_cannot_be_read_is_400_and_named(string query, string says)
    {
        var answer = await Gateway.GetAsync($"/v1/models?{query}");

        Assert.Equal((400, says), (answer.Status, (string)answer.Error["message"]!));
    }

    [Fact]
    public async Task An_unknown_order_is_400_and_the_known_ones_are_told()
    {
        var answer = await Gateway.GetAsync("/v1/models?sort=best");

        Assert.Equal(400, answer.Status);
        Assert.StartsWith("'sort' is 'best'; it must be one of pricing-low-to-high, pricing-high-to-low, ", (string)answer.Error["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orders_by_traffic_and_speed_follow_what_was_measured()
    {
        FirstScript.Always(Reply.Text("Hello").WithUsage(prompt: 5, completion: 5));
        await Gateway.PostAsync(Hello(streaming: true));

        foreach (var order in new[] { "most-popular", "top-weekly", "throughput-high-to-low", "latency-low-to-high" })
            Assert.StartsWith("acme/small ", Ids(await Gateway.GetAsync($"/v1/models?sort={order}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/models/acme/small", false)]
    [InlineData("/v1/models/acme%2Fsmall", false)]
    [InlineData("/v1/models/ACME/Small", false)]
    [InlineData("/v1/models/acme/small:nitro", false)]
    [InlineData("/v1/models/fast", false)]
    [InlineData("/v1/model/acme/small", true)]
    [InlineData("/api/v1/model/fast:floor", true)]
    public async Task One_model_is_found_by_its_id_an_alias_or_with_a_variant_of_routing(string path, bool isWrapped)
    {
        var whole = (await Gateway.GetAsync("/v1/models?q=acme/small")).Json["data"]![0]!;

        var answer = await Gateway.GetAsync(path);

        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        HttpAnswer.AssertJson(whole.ToJsonString(), isWrapped ? answer.Json["data"]! : answer.Json);
    }

    [Theory]
    [InlineData("/v1/models/acme/smal", "'acme/smal' is not a model of the catalogue. Did you mean 'acme/small' or 'acme/draw'?")]
    [InlineData("/v1/model/acme/small:free", "'acme/small:free' is not a model of the catalogue.")]
    [InlineData("/v1/models/acme/smal/endpoints", "'acme/smal' is not a model of the catalogue. Did you mean 'acme/small' or 'acme/draw'?")]
    public async Task A_model_that_there_is_not_is_404_and_the_nearest_is_told(string path, string says)
    {
        var answer = await Gateway.GetAsync(path);

        Assert.Equal((404, says), (answer.Status, (string)answer.Error["message"]!));
    }

    [Fact]
    public async Task What_makes_no_embeddings_is_not_in_the_list_of_what_does()
    {
        Assert.Equal((200, ""), await AskAsync("/v1/embeddings/models"));

        async Task<(int, string)> AskAsync(string path)
        {
            var answer = await Gateway.GetAsync(path);
            return (answer.Status, Ids(answer));
        }
    }

    private static string Ids(HttpAnswer answer) => string.Join(' ', answer.Json["data"]!.AsArray().Select(static model => (string)model!["id"]!));
}
