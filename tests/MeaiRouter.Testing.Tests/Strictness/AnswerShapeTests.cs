using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeaiRouter.Testing.Tests.Strictness;

/// <summary>How answers are spelled where a dialect is enforced, or a reply says so itself.</summary>
public sealed class AnswerShapeTests : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private ScriptedProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await ScriptedProvider.StartAsync("acme");

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("groq", """{"role":"assistant","content":"So","reasoning":"I think"}""")]
    [InlineData("deepseek", """{"role":"assistant","content":"So","reasoning_content":"I think"}""")]
    [InlineData("vllm", """{"role":"assistant","content":"<think>\nI think\n</think>\n\nSo"}""")]
    [InlineData("gemini", """{"role":"assistant","content":"<thought>I think</thought>So"}""")]
    [InlineData("mistral", """{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"I think"}]},{"type":"text","text":"So"}]}""")]
    [InlineData("openrouter", """{"role":"assistant","content":"So","reasoning":"I think","reasoning_details":[{"type":"reasoning.text","text":"I think","index":0,"format":"anthropic-claude-v1","signature":"SIG"}]}""")]
    public async Task A_whole_answer_has_its_reasoning_where_the_provider_has_it(string dialect, string message)
    {
        Enforce(dialect).Always(Reply.Text("So").WithReasoning("I think"));

        var answer = await WholeAsync();

        Assert.Equal(message, Signed(answer["choices"]![0]!["message"]!));
    }

    [Theory]
    [InlineData("groq", """{"reasoning":"I"}{"reasoning":" think"}{"content":"So"}""")]
    [InlineData("deepseek", """{"reasoning_content":"I"}{"reasoning_content":" think"}{"content":"So"}""")]
    [InlineData("vllm", """{"content":"<think>\nI"}{"content":" think\n</think>\n\n"}{"content":"So"}""")]
    [InlineData("gemini", """{"content":"<thought>I"}{"content":" think</thought>"}{"content":"So"}""")]
    [InlineData("mistral", """{"content":[{"type":"thinking","thinking":[{"type":"text","text":"I"}]}]}{"content":[{"type":"thinking","thinking":[{"type":"text","text":" think"}]}]}{"content":"So"}""")]
    [InlineData("openrouter", """{"reasoning":"I","reasoning_details":[{"type":"reasoning.text","text":"I","index":0,"format":"anthropic-claude-v1","signature":null}]}{"reasoning":" think","reasoning_details":[{"type":"reasoning.text","text":" think","index":0,"format":"anthropic-claude-v1","signature":null}]}{"reasoning":"","reasoning_details":[{"type":"reasoning.text","text":"","index":0,"format":"anthropic-claude-v1","signature":"SIG"}]}{"content":"So"}""")]
    public async Task A_stream_has_its_reasoning_where_the_provider_has_it(string dialect, string deltas)
    {
        Enforce(dialect).Always(Reply.Text("So").WithReasoning("I think"));

        Assert.Equal(deltas, string.Concat((await DeltasAsync()).Select(Signed)));
    }

    [Theory]
    [InlineData(ToolCallDeltas.Pieces, """[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}][{"index":0,"function":{"arguments":"{}"}}][{"index":1,"id":"c2","type":"function","function":{"name":"g","arguments":""}}][{"index":1,"function":{"arguments":"{}"}}]""")]
    [InlineData(ToolCallDeltas.Whole, """[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}][{"index":1,"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]""")]
    [InlineData(ToolCallDeltas.WholeAtIndexZero, """[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}][{"index":0,"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]""")]
    [InlineData(ToolCallDeltas.WholeWithoutIndex, """[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}][{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]""")]
    [InlineData(ToolCallDeltas.PiecesWithoutId, """[{"index":0,"type":"function","function":{"name":"f","arguments":""}}][{"index":0,"function":{"arguments":"{}"}}][{"index":1,"type":"function","function":{"name":"g","arguments":""}}][{"index":1,"function":{"arguments":"{}"}}]""")]
    public async Task Calls_are_streamed_in_the_providers_pieces(ToolCallDeltas pieces, string deltas)
    {
        _provider.ForModel("m").Always(Reply.ToolCall("f", "{}", "c1").WithToolCall("g", "{}", "c2").WithShape(new AnswerShape { ToolCalls = pieces }));

        Assert.Equal(deltas, string.Concat((await DeltasAsync()).Select(static delta => delta["tool_calls"]!.ToJsonString())));
        var whole = (await WholeAsync())["choices"]![0]!["message"]!["tool_calls"]!.AsArray();
        Assert.Equal(pieces != ToolCallDeltas.PiecesWithoutId, whole[1]!["id"] is not null);
        Assert.Equal(["f {}", "g {}"], whole.Select(static call => $"{call!["function"]!["name"]} {call["function"]!["arguments"]}"));
    }

    [Theory]
    [InlineData(UsageSpelling.OpenAI, """{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130,"prompt_tokens_details":{"cached_tokens":40,"cache_write_tokens":0},"completion_tokens_details":{"reasoning_tokens":20}}""", "", true)]
    [InlineData(UsageSpelling.Totals, """{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130}""", "finish", false)]
    [InlineData(UsageSpelling.DeepSeek, """{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130,"prompt_cache_hit_tokens":40,"prompt_cache_miss_tokens":60,"prompt_tokens_details":{"cached_tokens":40},"completion_tokens_details":{"reasoning_tokens":20}}""", "", true)]
    [InlineData(UsageSpelling.Moonshot, """{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130,"cached_tokens":40}""", "", true)]
    [InlineData(UsageSpelling.Groq, """{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130,"prompt_tokens_details":{"cached_tokens":40},"completion_tokens_details":{"reasoning_tokens":20}}""", "x_groq", false)]
    [InlineData(UsageSpelling.ReasoningApart, """{"prompt_tokens":100,"completion_tokens":10,"total_tokens":130,"prompt_tokens_details":{"cached_tokens":40},"completion_tokens_details":{"reasoning_tokens":20}}""", "", true)]
    public async Task Tokens_are_reported_in_the_providers_words(UsageSpelling spelling, string usage, string place, bool onlyIfAsked)
    {
        _provider.ForModel("m").Always(Reply.Text("So").WithUsage(prompt: 100, completion: 30, cached: 40, reasoning: 20).WithShape(new AnswerShape { Usage = spelling }));

        Assert.Equal(usage, (await WholeAsync())["usage"]!.ToJsonString());
        var chunks = await ChunksAsync(asked: true);
        var carrier = chunks.Single(chunk => (place == "x_groq" ? chunk["x_groq"]?["usage"] : chunk["usage"]) is not null);
        Assert.Equal(usage, (place == "x_groq" ? carrier["x_groq"]!["usage"] : carrier["usage"])!.ToJsonString());
        Assert.Equal(place.Length > 0, carrier["choices"]!.AsArray() is [{ } choice] && choice["finish_reason"] is not null);
        Assert.Equal(onlyIfAsked, (await ChunksAsync(asked: false)).All(static chunk => (chunk["usage"] ?? chunk["x_groq"]) is null));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_end_is_told_in_the_providers_own_word_unless_it_is_scripted(bool streaming)
    {
        Enforce("gemini").Next(Reply.ToolCall("f", "{}")).Then(Reply.ToolCall("f", "{}").WithFinishReason("tool_calls"));

        Assert.Equal("stop", await FinishAsync(streaming));
        Assert.Equal("tool_calls", await FinishAsync(streaming));
    }

    [Fact]
    public async Task A_reply_that_says_how_it_is_spelled_is_spelled_so()
    {
        Enforce("deepseek").Always(Reply.Reasoning("I think", ReasoningSpelling.Reasoning));

        Assert.Equal("""{"role":"assistant","content":null,"reasoning":"I think"}""", (await WholeAsync())["choices"]![0]!["message"]!.ToJsonString());
    }

    private ModelScript Enforce(string dialect) => _provider.ForModel("m").Enforce(StrictDialect.All.Single(strict => strict.Name == dialect));

    // A signature is a digest; that it is checked, other tests tell.
    private static string Signed(JsonNode node)
    {
        var text = node.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        return System.Text.RegularExpressions.Regex.Replace(text, "sig-acme-[0-9a-f]+-[0-9a-f]+", "SIG");
    }

    private async Task<JsonNode> WholeAsync()
    {
        using var response = await PostAsync("""{"model":"m","messages":[{"role":"user","content":"Hi"}]}""");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private async Task<List<JsonNode>> ChunksAsync(bool asked = true)
    {
        using var response = await PostAsync(
            $$$"""{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":{{{(asked ? "true" : "false")}}} }}""");
        var chunks = new List<JsonNode>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (item.Data != "[DONE]")
                chunks.Add(JsonNode.Parse(item.Data)!);
        }

        return chunks;
    }

    // Between the one with the role and the one with the end.
    private async Task<List<JsonNode>> DeltasAsync() =>
        [.. (await ChunksAsync()).Where(static chunk => chunk["choices"]!.AsArray().Count > 0).Select(static chunk => chunk["choices"]![0]!["delta"]!).Skip(1).SkipLast(1)];

    private async Task<string?> FinishAsync(bool streaming) => streaming
        ? (string?)(await ChunksAsync()).Select(static chunk => chunk["choices"]!.AsArray() is [{ } choice] ? choice["finish_reason"] : null).Single(static reason => reason is not null)
        : (string?)(await WholeAsync())["choices"]![0]!["finish_reason"];

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _http.PostAsync(new Uri($"{_provider.BaseUrl}/chat/completions"), content);
    }
}
