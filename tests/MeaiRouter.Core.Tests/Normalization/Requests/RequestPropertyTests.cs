using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Normalization.Requests;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Requests;

public sealed class RequestPropertyTests
{
    private const int Requests = 1_500;

    private static readonly string[] Refusals =
    [
        "`tools` (", "asks the model not to reason, but it always does", "The smallest reasoning budget is", "gets no name of its own",
    ];

    [Fact]
    public async Task Whatever_is_asked_of_whichever_endpoint_what_arrives_is_what_it_takes_and_what_is_refused_has_a_reason()
    {
        var arrived = 0;
        var wrong = new HashSet<string>();
        for (var seed = 0; seed < Requests; seed++)
        {
            var random = new RandomRequest(seed);
            var (endpoint, options, messages) = (random.Endpoint(), random.Options(), random.Messages());
            var before = Told(options);
            wrong.UnionWith(new PlainCheck(endpoint, options, messages, seed % 2 == 0).Complaints().Select(complaint => complaint.TrimEnd("0123456789.-".ToCharArray())));

            Arrived? sent = null;
            try
            {
                sent = await Adapting.ArriveAsync(seed % 2 == 0, endpoint, options, messages);
            }
            catch (RouterException failure) when (failure.Kind == FailureKind.Unsupported)
            {
                Assert.True(Refusals.Any(failure.Message.Contains), $"Seed {seed}: {failure.Message}");
            }
            catch (RouterException failure) when (failure.Kind == FailureKind.InvalidRequest)
            {
                Assert.True(failure.Message.Contains("reasoning"), $"Seed {seed}: {failure.Message}");
            }

            Assert.Equal(before, Told(options));
            if (sent is null)
                continue;

            arrived++;
            var complaints = new PlainCheck(endpoint, sent.Options, sent.Messages, seed % 2 == 0).Complaints();
            Assert.True(complaints.Count == 0, $"Seed {seed}: {string.Join("; ", complaints)}");

            sent.Options.ModelId = null;
            var again = await Adapting.ArriveAsync(seed % 2 == 0, endpoint, sent.Options, [.. sent.Messages]);
            Assert.True(Told(sent.Options) == Told(again.Options), $"Seed {seed}:\n{Told(sent.Options)}\n{Told(again.Options)}");
            Assert.True(again.Notes.Count == 0, $"Seed {seed}: {string.Join(" | ", again.Notes)}");
        }

        Assert.InRange(arrived, Requests / 3, Requests);
        Assert.InRange(wrong.Count, 50, int.MaxValue); // The check finds something to complain of before the layer has been at it.
    }

    [Fact]
    public void A_request_that_an_endpoint_takes_is_handed_on_in_the_same_instances()
    {
        var options = new ChatOptions
        {
            Temperature = 1, Tools = [Adapting.Tool("one")], ToolMode = ChatToolMode.RequireAny, Reasoning = new() { Effort = ReasoningEffort.Low },
            ResponseFormat = ChatResponseFormat.Json, StopSequences = ["a"], MaxOutputTokens = 10,
        }.WithExtra("""{ "user": "somebody", "reasoning": { "summary": "auto" } }""");
        List<ChatMessage> messages = [new(ChatRole.User, "Hi"), new(ChatRole.Assistant, [new FunctionCallContent("c1", "one")])];
        var layer = new NormalizingOptions
        {
            Dialect = new Dialect("d")
            {
                Parameters = new Dictionary<string, ParameterRule> { ["temperature"] = new() { Maximum = 1 }, ["stop"] = new() { MaxCount = 1 }, ["top_k"] = ParameterRule.Refused },
                Tools = new() { RefusedSchemaKeywords = new HashSet<string> { "minimum" }, TakesStrict = false, MaxCount = 1 },
            },
        };
        var adapter = new RequestAdapter(layer, null);
        var context = new RouteContext(options);

        var adapted = adapter.Adapt(messages, options, context, streams: false);

        Assert.Same(options, adapted.Options);
        Assert.Same(messages, adapted.Messages);
        Assert.Null(adapted.ToolNames);
        Assert.Equal(new StructuredRequest(null, null), adapted.Structured);
        Assert.Empty(context.Notes);
    }

    [Fact]
    public void A_plain_request_costs_no_memory()
    {
        var options = new ChatOptions { Temperature = 1, MaxOutputTokens = 10, Tools = [Adapting.Tool("one")], Reasoning = new() { Effort = ReasoningEffort.Low } };
        ChatMessage[] messages = [new(ChatRole.User, "Hi"), new(ChatRole.Assistant, [new FunctionCallContent("c1", "one")])];
        var adapter = new RequestAdapter(new NormalizingOptions(), null);
        var context = new RouteContext(options);
        for (var i = 0; i < 1_000; i++)
            adapter.Adapt(messages, options, context, streams: false);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            adapter.Adapt(messages, options, context, streams: false);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64_000);
    }

    private static string Told(ChatOptions options) => string.Join(
        "\n",
        $"{options.Temperature} {options.TopP} {options.TopK} {options.FrequencyPenalty} {options.Seed} {options.MaxOutputTokens} {options.AllowMultipleToolCalls}",
        string.Join(',', options.StopSequences ?? []),
        $"{options.ToolMode} {(options.ToolMode as RequiredChatToolMode)?.RequiredFunctionName} {options.Reasoning?.Effort} {options.Reasoning?.Output}",
        string.Join(
            '\n',
            options.Tools?.OfType<AIFunctionDeclaration>().Select(tool => $"{tool.Name} {tool.JsonSchema.GetRawText()} {tool.AdditionalProperties.GetValueOrDefault("strict")}") ?? []),
        $"{options.ResponseFormat?.GetType().Name} {(options.ResponseFormat as ChatResponseFormatJson)?.Schema?.GetRawText()}",
        options.Instructions,
        options.Extra());
}
