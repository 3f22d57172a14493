using System.Text;

namespace MeaiRouter.Testing.Tests.Strictness;

public sealed class StrictDialectTests : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private ScriptedProvider _provider = null!;

    /// <summary>Rules about what the provider itself said before; <see cref="ReturnedReasoningTests"/> has them.</summary>
    private static readonly string[] OfReturnedReasoning = ["changed-reasoning", "signature", "missing-signature"];

    public async Task InitializeAsync() => _provider = await ScriptedProvider.StartAsync("acme");

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    public void Dispose() => _http.Dispose();

    public static TheoryData<string, int> AllCases()
    {
        var data = new TheoryData<string, int>();
        foreach (var dialect in StrictDialect.All)
        {
            for (var i = 0; i < Cases(dialect.Name).Count; i++)
                data.Add(dialect.Name, i);
        }

        return data;
    }

    public static TheoryData<string> AllDialects() => [.. StrictDialect.All.Select(static dialect => dialect.Name)];

    [Theory, MemberData(nameof(AllCases))]
    public async Task A_request_that_breaks_a_rule_is_refused_in_the_providers_words_and_one_that_keeps_it_is_answered(string name, int index)
    {
        var (one, dialect) = (Cases(name)[index], StrictDialect.All.Single(d => d.Name == name));
        _provider.Enforce(dialect).ForAnyModel().Answers("Fine.");

        var kept = await SendAsync(one.Kept);
        var broken = await SendAsync(one.Broken);

        Assert.True(kept.Status == 200, $"{one.Rule} refuses {one.Kept}: {kept.Body}");
        Assert.Equal((one.Status, one.Body), (broken.Status, broken.Body));
        var refused = Assert.Single(_provider.Refused);
        Assert.Equal((2, one.Rule, one.Status, one.Body), (refused.Number, refused.Refusal!.Rule, refused.Refusal.Status, refused.Refusal.Body));
        Assert.Null(_provider.Requests[0].Refusal);
        Assert.EndsWith($": Answered, refused by {one.Rule}", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(AllDialects))]
    public void Every_rule_has_a_case(string name)
    {
        var dialect = StrictDialect.All.Single(d => d.Name == name);
        var covered = Cases(name).Select(static one => one.Rule).Concat(OfReturnedReasoning).ToHashSet();

        Assert.Empty(dialect.Rules.Select(static rule => rule.Name).Except(covered));
        Assert.Equal(dialect.Name, dialect.ToString());
    }

    [Fact]
    public async Task A_refused_request_uses_up_no_step()
    {
        _provider.Enforce(StrictDialect.Groq).ForModel("m").Next(Reply.Text("one")).Next(Reply.Text("two"));

        Assert.Contains("one", (await SendAsync(StrictCase.With("\"seed\":1"))).Body, StringComparison.Ordinal);
        Assert.Equal(400, (await SendAsync(StrictCase.With("\"top_k\":1"))).Status);
        Assert.Contains("two", (await SendAsync(StrictCase.With("\"seed\":1"))).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_may_have_a_dialect_of_its_own()
    {
        _provider.Enforce(StrictDialect.OpenAI).ForModel("o3").Enforce(StrictDialect.OpenAIReasoning).Answers("Deep.");
        _provider.ForModel("m").Answers("Fine.");
        const string Body = """{"model":"o3","messages":[{"role":"user","content":"Hi"}],"temperature":1}""";

        Assert.Equal(400, (await SendAsync(Body)).Status);
        Assert.Equal(200, (await SendAsync(Body.Replace("o3", "m", StringComparison.Ordinal))).Status);
        Assert.Equal(["temperature"], _provider.Refused.Select(static request => request.Refusal!.Rule));
    }

    [Fact]
    public async Task A_user_adds_rules_of_his_own_and_removes_others()
    {
        var dialect = StrictDialect.Groq.Without("stop").With(new StrictRule(
            "no-shouting", static body => body.GetProperty("messages")[0].GetProperty("content").GetString() is "HI" ? new RuleViolation("Do not shout.") { Status = 418 } : null));
        _provider.Enforce(dialect).ForAnyModel().Answers("Fine.");

        Assert.Equal(200, (await SendAsync(StrictCase.With($"\"stop\":[{StrictCase.Numbers(9)}]"))).Status);
        Assert.Equal((418, """{"error":{"message":"Do not shout.","type":"invalid_request_error"}}"""), await SendAsync(StrictCase.User("\"HI\"")));
        Assert.StartsWith(
            "The dialect 'groq' has no rule 'stops'. It has: parameters, message-fields, ", Assert.Throws<ArgumentException>(static () => StrictDialect.Groq.Without("stops")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dialect_may_be_written_from_nothing()
    {
        var dialect = new StrictDialect("house")
        {
            Rules = [new StrictRule("never", static _ => new RuleViolation("Never.") { Type = "t", Code = "c", Param = "p" })],
        };
        _provider.ForModel("m").Enforce(dialect).Answers("Fine.");
        _provider.ForModel("n").Enforce(dialect with { ErrorBody = static violation => violation.Message }).Answers("Fine.");

        Assert.Equal((400, """{"error":{"message":"Never.","type":"t","param":"p","code":"c"}}"""), await SendAsync(StrictCase.With("\"n\":1")));
        Assert.Equal((400, "Never."), await SendAsync("""{"model":"n","messages":[]}"""));
    }

    [Theory, MemberData(nameof(AllDialects))]
    public async Task Odd_shapes_break_no_rule_itself(string name)
    {
        _provider.Enforce(StrictDialect.All.Single(d => d.Name == name)).ForAnyModel().Answers("Fine.");
        string[] bodies =
        [
            """{"model":"m"}""", """{"model":"m","messages":{}}""", """{"model":"m","messages":[1,null,[],"a"]}""", """{"model":"m","messages":[{"role":1,"content":1}]}""",
            """{"model":"m","messages":[{"role":"user","content":[1,{"type":2},{"type":"image_url","image_url":[]}]}]}""",
            """{"model":"m","messages":[{"role":"assistant","tool_calls":[1,{"function":1},{"id":1}]},{"role":"tool","tool_call_id":1}]}""",
            """{"model":"m","messages":[],"tools":[1,{"function":[]},{"function":{"name":1,"parameters":{"properties":[],"items":1,"anyOf":1}}}],"stop":[1],"temperature":"hot","response_format":[]}""",
        ];

        foreach (var body in bodies)
            Assert.DoesNotContain("script_failed", (await SendAsync(body)).Body, StringComparison.Ordinal);
    }

    private static List<StrictCase> Cases(string dialect) =>
    [
        .. dialect switch
        {
            "openai" => OpenAICases.Chat,
            "openai-reasoning" => OpenAICases.Reasoning,
            "anthropic" => AnthropicCases.All,
            "gemini" => GeminiCases.Gemini,
            "gemini-3" => GeminiCases.Gemini3,
            "mistral" => MistralCases.All,
            "deepseek" => OtherCases.DeepSeek,
            "groq" => OtherCases.Groq,
            "xai" => OtherCases.XAI,
            "perplexity" => OtherCases.Perplexity,
            "cohere" => OtherCases.Cohere,
            "vllm" => OtherCases.VLlm,
            "llama.cpp" => OtherCases.LlamaCpp,
            "moonshot" => OtherCases.Moonshot,
            "zai" => OtherCases.ZAI,
            "openrouter" => AnthropicCases.OpenRouter,
            _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect, "A dialect without cases."),
        },
    ];

    private async Task<(int Status, string Body)> SendAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri($"{_provider.BaseUrl}/chat/completions"), content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
