using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

/// <summary>Valid JSON of the right shape in which anything may have the wrong type, be missing, doubled or unknown.</summary>
public sealed class HostileAnswerTests
{
    private const int Rounds = 2_000;

    private const string HalfACharacter = "HALF";

    private const string Answer = """
        {"id":"gen-1","object":"chat.completion","created":1700000000,"model":"a/b","provider":"P","system_fingerprint":"fp","service_tier":"t",
         "choices":[{"index":0,"finish_reason":"tool_calls","native_finish_reason":"tool_use","logprobs":{"content":[{"token":"a"}]},"error":null,
          "message":{"role":"assistant","content":[{"type":"text","text":"Hi"},{"type":"thinking","thinking":[{"type":"text","text":"t"}]},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}],
           "refusal":"no","reasoning":"r","reasoning_content":"rc","reasoning_details":[{"type":"reasoning.text","text":"a","index":0,"signature":"s"}],
           "annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example","title":"t","start_index":0,"end_index":1}}],
           "images":[{"type":"image_url","image_url":{"url":"https://a.example/i.png"}}],"function_call":{"name":"f","arguments":"{}"},
           "tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},
          "delta":{"role":"assistant","content":"Hi","reasoning_details":[{"type":"reasoning.text","text":"a","index":0}],
           "tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\""}},{"index":1,"function":{"arguments":":1}"}}]}}],
         "usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,"cost":0.1,"is_byok":false,"cost_details":{},"prompt_cache_hit_tokens":1,
          "prompt_tokens_details":{"cached_tokens":1},"completion_tokens_details":{"reasoning_tokens":2}},
         "error":null,"openrouter_metadata":{},"obfuscation":"x"}
        """;

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Nothing_but_a_router_exception_is_ever_thrown(int seed)
    {
        var random = new Random(seed);
        var answered = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var json = Mutate(JsonNode.Parse(Answer)!, random).ToJsonString().Replace(HalfACharacter, """\ud83c""", StringComparison.Ordinal);
            try
            {
                answered += Wire.Text(AnswerWriter.Write(Wire.Whole(json))).Length > 0 ? 1 : 0;
                answered += Restream(Wire.Updates(json, Answer.Replace("\"finish_reason\":\"tool_calls\",", "", StringComparison.Ordinal), json));
            }
            catch (RouterException)
            {
                // An answer that says it failed, or is no object at all.
            }
            catch (Exception exception)
            {
                Assert.Fail($"{json}\n{exception}");
            }
        }

        Assert.InRange(answered, Rounds / 2, Rounds * 2);
    }

    // The same tokens in every form that some provider reports them in; what is around them may be anything.
    [Theory]
    [InlineData(1, "usage", """{"prompt_tokens":20,"completion_tokens":7,"total_tokens":27,"prompt_tokens_details":{"cached_tokens":8}}""")]
    [InlineData(2, "usage", """{"prompt_tokens":20,"completion_tokens":7,"total_tokens":27,"prompt_cache_hit_tokens":8,"prompt_cache_miss_tokens":12}""")]
    [InlineData(3, "usage", """{"prompt_tokens":"20","completion_tokens":7.0,"total_tokens":27,"cached_tokens":8,"odd":[{}]}""")]
    [InlineData(4, "usage", """{"input_tokens":12,"cache_read_input_tokens":8,"cache_creation_input_tokens":0,"output_tokens":7}""")]
    [InlineData(5, "x_groq", """{"id":"r","usage":{"prompt_tokens":20,"completion_tokens":7,"total_tokens":27,"prompt_tokens_details":{"cached_tokens":8}}}""")]
    public void No_charge_is_ever_lost(int seed, string field, string reported)
    {
        var random = new Random(seed);
        var expected = new TokenUsage { Input = 12, CacheRead = 8, Output = 7, Requests = 1 };
        var failed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var answer = Mutate(JsonNode.Parse(Answer)!, random).AsObject();
            answer["usage"] = null;
            answer[field] = JsonNode.Parse(reported);
            if (round % 3 == 0)
                answer["error"] = JsonNode.Parse("""{"code":503,"message":"Down"}""");
            var json = answer.ToJsonString().Replace(HalfACharacter, """\ud83c""", StringComparison.Ordinal);

            var (whole, streamed) = (UsageOfWhole(json), UsageOfStream(json, ref failed));
            Assert.True(whole is not null && TokenUsage.From(whole) == expected, json);
            Assert.True(streamed is not null && TokenUsage.From(streamed) == expected, json);
        }

        // Both ways of ending are met often.
        Assert.InRange(failed, Rounds / 3, Rounds / 2);
    }

    private static UsageDetails? UsageOfWhole(string json)
    {
        try
        {
            return Wire.Whole(json).Usage;
        }
        catch (RouterException failure)
        {
            return failure.ReportedUsage;
        }
    }

    private static UsageDetails? UsageOfStream(string json, ref int failed)
    {
        var reader = new AnswerStreamReader("acme");
        try
        {
            reader.Read(Wire.Parse(json));
            return Wire.Updates(json).ToChatResponse().Usage;
        }
        catch (RouterException)
        {
            failed++;
            Assert.True(reader.HasUsage, json);
            return ((UsageContent)reader.TakeUsage()!.Contents[0]).Details;
        }
    }

    private static int Restream(List<ChatResponseUpdate> updates)
    {
        var writer = new AnswerStreamWriter();
        var written = updates.Sum(update => writer.Write(update) is { } chunk ? Wire.Text(chunk).Length : 0);
        Assert.NotNull(updates.ToChatResponse().Messages);
        return written + Wire.Text(writer.WriteFinish()).Length > 0 ? 1 : 0;
    }

    private static JsonNode Mutate(JsonNode root, Random random)
    {
        for (var mutations = random.Next(1, 6); mutations > 0; mutations--)
        {
            var parents = Containers(root).ToList();
            switch (parents[random.Next(parents.Count)])
            {
                case JsonObject { Count: > 0 } parent:
                    var name = parent.ElementAt(random.Next(parent.Count)).Key;
                    if (random.Next(5) == 0)
                        parent.Remove(name);
                    else if (random.Next(5) == 0)
                        parent["unknown_" + random.Next(3)] = Anything(random, depth: 2);
                    else
                        parent[name] = Anything(random, depth: 2);
                    break;
                case JsonArray { Count: > 0 } parent:
                    parent[random.Next(parent.Count)] = Anything(random, depth: 2);
                    break;
                case JsonArray parent:
                    parent.Add(Anything(random, depth: 1));
                    break;
            }
        }

        return root;
    }

    private static IEnumerable<JsonNode> Containers(JsonNode node) => node switch
    {
        JsonObject parent => parent.Select(static p => p.Value).OfType<JsonNode>().SelectMany(Containers).Prepend(node),
        JsonArray parent => parent.OfType<JsonNode>().SelectMany(Containers).Prepend(node),
        _ => [],
    };

    private static JsonNode? Anything(Random random, int depth) => random.Next(depth == 0 ? 11 : 14) switch
    {
        0 => null,
        1 => JsonValue.Create(true),
        2 => JsonValue.Create(false),
        3 => JsonValue.Create(random.Next(-3, 600)),
        4 => JsonValue.Create(random.NextDouble() * Math.Pow(10, random.Next(-5, 300))),
        5 => JsonNode.Parse("123456789012345678901234567890"),
        6 => JsonValue.Create(""),
        7 => JsonValue.Create(new string('x', random.Next(20))),
        8 => JsonValue.Create("a" + HalfACharacter),
        9 => JsonValue.Create("data:image/png;base64,%%"),
        10 => JsonValue.Create("{\"a\":"),
        11 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Anything(random, depth - 1))]),
        12 => new JsonObject(Enumerable.Range(0, random.Next(3)).Select(i => KeyValuePair.Create(
            (string[])["text", "type", "url", "index", "message", "code"] is var names ? names[(random.Next(6) + i) % 6] + (i == 0 ? "" : i) : "", Anything(random, depth - 1)))),
        _ => new JsonArray(),
    };
}
