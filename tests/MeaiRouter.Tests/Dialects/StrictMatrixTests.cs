using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Dialects;

/// <summary>The layer alone makes every provider take what plain Microsoft.Extensions.AI would get refused.</summary>
public sealed class StrictMatrixTests
{
    public static TheoryData<string, string, bool> Matrix()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var dialect in StrictServer.Speakers.Keys)
        {
            foreach (var request in PlainRequest.All.Keys)
            {
                data.Add(dialect, request, false);
                data.Add(dialect, request, true);
            }
        }

        return data;
    }

    public static TheoryData<string> Dialects() => [.. StrictServer.Speakers.Keys];

    [Theory, MemberData(nameof(Matrix))]
    public async Task A_plain_request_is_taken_through_the_layer_or_fails_with_the_name_of_the_capability(string dialect, string name, bool streaming)
    {
        await using var server = await StrictServer.StartAsync(dialect);
        await AssertTakenAsync(server, name, streaming);
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task The_same_requests_are_taken_through_the_pipeline_that_a_provider_s_name_configures(string dialect)
    {
        await using var server = await StrictServer.StartConfiguredAsync(dialect);
        foreach (var name in PlainRequest.All.Keys)
        {
            foreach (var streaming in (bool[])[false, true])
            {
                server.Provider.ClearRequests();
                await AssertTakenAsync(server, name, streaming);
            }
        }
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task The_same_requests_are_refused_where_the_layer_is_missing(string dialect)
    {
        await using var server = await StrictServer.StartBareAsync(dialect);
        var refused = new List<string>();
        foreach (var (name, request) in PlainRequest.All)
        {
            server.Provider.ClearRequests();
            if (await Record.ExceptionAsync(() => server.AskAsync(request, streaming: false)) is not { } failure)
                continue;

            Assert.IsType<RouterException>(failure);
            refused.Add($"{name}: {Assert.Single(server.Provider.Requests).Refusal!.Rule}");
        }

        Assert.Equal(RefusedBare.By[dialect], refused);
    }

    private static async Task AssertTakenAsync(StrictServer server, string name, bool streaming)
    {
        var request = PlainRequest.All[name];
        ChatResponse? response = null;

        var failure = await Record.ExceptionAsync(async () => response = await server.AskAsync(request, streaming));

        Assert.Empty(server.Provider.Refused.Select(refused => $"{name}: {refused.Refusal!.Rule}: {refused.Refusal.Message}"));
        if (failure is null)
        {
            Assert.Equal(request.Answer, response!.Text);
            Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
            return;
        }

        var refusal = Assert.IsType<RouterException>(failure);
        Assert.True(request.Capability is not null, $"Nothing in '{name}' may be refused: {refusal.Message}");
        Assert.Contains(refusal.Kind, (FailureKind[])[FailureKind.Unsupported, FailureKind.InvalidRequest]);
        Assert.Contains(request.Capability, refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, server.Provider.RequestCount);
    }
}
