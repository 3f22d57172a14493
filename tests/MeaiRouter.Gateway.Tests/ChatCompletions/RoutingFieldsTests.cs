using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>OpenRouter's routing fields: honoured, or refused by name.</summary>
public sealed class RoutingFieldsTests : GatewayTest
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Models:acme/large:Endpoints:0:Provider"] = "second",
        ["MeaiRouter:Models:acme/large:Endpoints:0:Model"] = "large-2",
        ["MeaiRouter:Aliases:fast"] = Model,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Order_says_who_is_tried_first(bool streaming)
    {
        FirstScript.Answers("first");
        SecondScript.Answers("second");

        var answer = await Gateway.PostAsync(Hello(streaming, ("provider", new { order = new[] { "second", "first" } })));

        Assert.Equal(("second", "second", 0), (answer.Text, answer.Provider, First.RequestCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Providers_outside_the_order_are_the_fallback(bool streaming)
    {
        FirstScript.Answers("first");
        SecondScript.Always(Fault.Unavailable());

        var answer = await Gateway.PostAsync(Hello(streaming, ("provider", new { order = new[] { "second" } })));

        Assert.Equal(("first", 1, 1), (answer.Text, First.RequestCount, Second.RequestCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_leaves_all_others_out(bool streaming)
    {
        SecondScript.Always(Fault.Unavailable());

        var answer = await Gateway.PostAsync(Hello(streaming, ("provider", new { only = new[] { "Second" } })));

        Assert.Equal((503, 0, 1), (answer.Status, First.RequestCount, Second.RequestCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ignored_providers_are_not_tried(bool streaming)
    {
        SecondScript.Answers("second");

        var answer = await Gateway.PostAsync(Hello(streaming, ("provider", new { ignore = new[] { "first" } })));

        Assert.Equal(("second", 0), (answer.Text, First.RequestCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_fallbacks_only_the_first_choice_is_tried(bool streaming)
    {
        FirstScript.Always(Fault.Unavailable());

        var answer = await Gateway.PostAsync(Hello(streaming, ("provider", new { allow_fallbacks = false })));

        Assert.Equal((503, 1, 0), (answer.Status, First.RequestCount, Second.RequestCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Preferences_that_leave_nobody_are_404_with_the_reason_for_each_endpoint(bool streaming)
    {
        var answer = await Gateway.PostAsync(Hello(streaming, ("provider", new { only = new[] { "first" }, ignore = new[] { "first" } })));

        Assert.Equal((404, "not_found"), (answer.Status, (string?)answer.Error["metadata"]!["error_type"]));
        Assert.Equal(
            "No endpoint may serve acme/small. first/small-1 (ignore): The request ignores it. second/small-2 (only): Not among the allowed: first. " +
            "Without only, second/small-2 could; without ignore, first/small-1 could.",
            (string)answer.Error["message"]!);
        Assert.Equal("constraint_filtered", (string)answer.Error["availability"]!["code"]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Further_models_are_tried_when_the_first_cannot_answer(bool streaming)
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Always(Fault.Unavailable());
        Second.ForModel("large-2").Answers("large");

        var answer = await Gateway.PostAsync(Hello(streaming, ("models", new[] { "acme/large" })));

        Assert.Equal("large", answer.Text);
        Assert.All(answer.ContentType == "application/json" ? [answer.Json] : answer.Chunks, part => Assert.Equal("acme/large", (string)part["model"]!));
        Assert.Equal([Model, Model, "acme/large"], (await Gateway.Ledger.SingleAsync()).Attempts.Select(attempt => attempt.Model!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_entry_of_the_list_says_is_sent_with_its_model_only(bool streaming)
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Always(Fault.Unavailable());
        Second.ForModel("large-2").Answers("large");
        var entry = new
        {
            model = "acme/large", provider = new { only = new[] { "second" } }, temperature = 0.25, top_p = 0.5, top_k = 3, max_tokens = 9, seed = 4,
            frequency_penalty = 1, presence_penalty = 2, stop = ".", headers = new Dictionary<string, string> { ["X-Team"] = "blue" },
        };

        var answer = await Gateway.PostAsync(Hello(streaming, ("models", new object[] { "acme/small", entry }), ("temperature", 1), ("max_tokens", 50)));

        Assert.Equal("large", answer.Text);
        var (plain, own) = (Second.Requests[0], Second.Requests[1]);
        Assert.Equal((1, 50), (plain.Body.GetProperty("temperature").GetDouble(), plain.Body.GetProperty("max_tokens").GetInt32()));
        Assert.False(plain.Headers.ContainsKey("X-Team"));
        Assert.Equal("blue", own.Headers["X-Team"]);
        HttpAnswer.AssertJson(
            """
            { "temperature": 0.25, "top_p": 0.5, "top_k": 3, "max_tokens": 9, "seed": 4, "frequency_penalty": 1, "presence_penalty": 2, "stop": ["."] }
            """,
            new JsonObject(own.Body.EnumerateObject()
                .Where(member => member.Name is not ("model" or "messages" or "stream" or "stream_options"))
                .Select(member => KeyValuePair.Create(member.Name, JsonNode.Parse(member.Value.GetRawText())))));
    }

    [Theory]
    [InlineData("""{"model":"acme/large","temprature":1}""", "'models[0].temprature' is not a field of an entry of 'models'. Did you mean 'temperature'?")]
    [InlineData("""{"temperature":1}""", "'models[0].model' is missing or empty; it must be the name of a model.")]
    [InlineData("""{"model":7}""", "'models[0].model' is missing or empty; it must be the name of a model.")]
    [InlineData("""{"model":"acme/large","provider":{"ordre":[]}}""", "'models[0].provider.ordre' is not a field of 'models[0].provider'. Did you mean 'order'?")]
    [InlineData("""{"model":"acme/large","max_tokens":0}""", "'models[0].max_tokens' is 0; it must be a whole number of at least 1.")]
    [InlineData("""{"model":"acme/large","temperature":"hot"}""", "'models[0].temperature' is a string; it must be a number.")]
    [InlineData("""{"model":"acme/large","seed":1.5}""", "'models[0].seed' is 1.5; it must be a whole number.")]
    [InlineData("""{"model":"acme/large","stop":[1]}""", "'models[0].stop' is an array; it must be a string or an array of strings.")]
    [InlineData("""{"model":"acme/large","headers":[]}""", "'models[0].headers' is an array; it must be an object of strings.")]
    [InlineData("""{"model":"acme/large","headers":{"Authorization":"Bearer x"}}""",
        "'models[0].headers': The header 'Authorization' is the provider's client's own. Configure it there, or remove it.")]
    [InlineData("""{"model":"acme/large","headers":{"X-Team":"a\r\nb"}}""",
        "'models[0].headers': The header 'X-Team' has a value that is missing or holds other characters than printable ASCII.")]
    [InlineData("7", "`models[0]` is 7: it must be an item of an array of model names.")]
    public async Task An_entry_that_cannot_be_understood_is_refused_by_name(string entry, string says)
    {
        await AssertRefusedAsync($"\"models\":[{entry}]", says);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_list_of_models_needs_no_model_beside_it(bool streaming)
    {
        Second.ForModel("large-2").Answers("large");

        Assert.Equal("large", (await Gateway.PostAsync(Hello(streaming, ("model", null), ("models", new[] { "acme/large", Model })))).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_alias_is_answered_by_the_model_behind_it_and_under_its_name(bool streaming)
    {
        FirstScript.Answers("first");

        var answer = await Gateway.PostAsync(Hello(streaming, ("model", "fast")));

        var record = await Gateway.Ledger.SingleAsync();
        Assert.Equal(("first", "fast", Model), (answer.Text, record.RequestedModel, record.Attempts[0].Model));
        Assert.All(answer.ContentType == "application/json" ? [answer.Json] : answer.Chunks, part => Assert.Equal(Model, (string)part["model"]!));
    }

    [Theory]
    [InlineData("""{"ordre":["first"]}""", "'provider.ordre' is not a field of 'provider'. Did you mean 'order'?")]
    [InlineData("""{"order":"first"}""", "'provider.order' is 'first'; it must be an array of strings.")]
    [InlineData("""{"order":["first",2]}""", "'provider.order[1]' is 2; it must be a string that is not empty.")]
    [InlineData("""{"only":[""]}""", "'provider.only[0]' is ''; it must be a string that is not empty.")]
    [InlineData("""{"allow_fallbacks":"no"}""", "'provider.allow_fallbacks' is 'no'; it must be true or false.")]
    [InlineData("""{"data_collection":"maybe"}""", "'provider.data_collection' is 'maybe'; it must be 'allow' or 'deny'.")]
    [InlineData("""{"sort":"cheap"}""", "'provider.sort' is 'cheap'; it must be 'price' or 'throughput' or 'latency' or 'exacto'.")]
    [InlineData("""{"sort":{"partition":"none"}}""", "'provider.sort.by' is missing.")]
    [InlineData("""{"sort":{"by":"price","order":"asc"}}""", "'provider.sort.order' is not a field of 'provider.sort'. It has 'by' and 'partition'.")]
    [InlineData("""{"quantizations":["fp9"]}""", "'provider.quantizations' holds 'fp9', which is not known. Did you mean 'fp4', 'fp6' or 'fp8'?")]
    [InlineData("""{"preferred_max_latency":{"p95":1}}""", "'provider.preferred_max_latency.p95' is not a percentile. Use p50, p75, p90 or p99.")]
    [InlineData("""{"preferred_min_throughput":-1}""", "'provider.preferred_min_throughput' is -1; it must be a number of at least 0.")]
    [InlineData("""{"max_price":{"prompt":"cheap"}}""", "'provider.max_price.prompt' is 'cheap'; it must be an amount of US dollars of at least 0.")]
    [InlineData("""{"max_price":{"tokens":1}}""", "'provider.max_price.tokens' is not a price. Use prompt, completion, request, image or audio.")]
    [InlineData("\"first\"", "'provider' is 'first'; it must be an object.")]
    public async Task A_provider_field_that_cannot_be_understood_is_refused_by_name(string provider, string says)
    {
        await AssertRefusedAsync($"\"provider\":{provider}", says);
    }

    [Theory]
    [InlineData("\"preset\":5", "'preset' is 5; it must be a string that is not empty.")]
    [InlineData("\"route\":\"best\"", "'route' is 'best'; it must be 'fallback' or 'sort'.")]
    [InlineData("\"plugins\":[{\"id\":\"web\"}]", "'plugins[0].id' is 'web', a plugin this gateway does not have. It has response-healing and context-compression.")]
    [InlineData("\"plugins\":[{\"id\":\"response-healin\"}]", "'plugins[0].id' is 'response-healin', a plugin this gateway does not have. It has response-healing and context-compression. Did you mean 'response-healing'?")]
    [InlineData("\"plugins\":{}", "'plugins' is an object; it must be an array of plugins such as {\"id\":\"response-healing\"}.")]
    [InlineData("\"plugins\":[{\"id\":\"response-healing\"},\"web\"]", "'plugins[1]' is 'web'; it must be an object such as {\"id\":\"response-healing\"}.")]
    [InlineData("\"plugins\":[{}]", "'plugins[0].id' is missing or no string; it must be one of response-healing, context-compression.")]
    [InlineData("\"plugins\":[{\"id\":\"context-compression\",\"enabled\":1}]", "'plugins[0].enabled' is 1; it must be true or false.")]
    [InlineData("\"plugins\":[{\"id\":\"context-compression\",\"engine\":\"gzip\"}]", "'plugins[0].engine' is 'gzip'; it must be 'middle-out'.")]
    [InlineData("\"plugins\":[{\"id\":\"response-healing\",\"engine\":\"x\"}]", "'plugins[0].engine' is not a field of the plugin response-healing. It has 'id' and 'enabled'.")]
    [InlineData("\"transforms\":[\"squeeze\"]", "'transforms' holds 'squeeze', which this gateway does not have. It has middle-out.")]
    [InlineData("\"transforms\":\"middle-out\"", "'transforms' is 'middle-out'; it must be an array of strings.")]
    [InlineData("\"models\":[\"acme/small\",null]", "'models[1]' is null; it must be the name of a model.")]
    [InlineData("\"models\":[\" \"]", "'models[0]' is empty; it must be the name of a model.")]
    public async Task A_routing_field_that_cannot_be_honoured_is_refused_by_name(string field, string says)
    {
        await AssertRefusedAsync(field, says);
    }

    [Fact]
    public async Task Fields_that_are_null_or_ask_for_nothing_are_no_request()
    {
        FirstScript.Answers("first");

        var answer = await Gateway.PostTextAsync(
            """
            { "model": "acme/small", "messages": [ { "role": "user", "content": "Hello" } ], "models": [], "preset": null, "plugins": [], "transforms": [],
              "provider": { "order": null, "zdr": null }, "usage": { "include": true }, "session_id": "s-1" }
            """);

        Assert.Equal("first", answer.Text);
        Assert.Equal(["model", "messages"], First.Requests.Single().Body.EnumerateObject().Select(member => member.Name));
    }

    private async Task AssertRefusedAsync(string field, string says)
    {
        var answer = await Gateway.PostTextAsync($$"""{ "model": "acme/small", "messages": [ { "role": "user", "content": "Hello" } ], {{field}} }""");

        Assert.Equal((400, says), (answer.Status, (string)answer.Error["message"]!));
        Assert.Equal("invalid_request", (string)answer.Error["metadata"]!["error_type"]!);
        Assert.Equal(0, First.RequestCount + Second.RequestCount);
    }
}
