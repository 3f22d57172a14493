using System.Net.Http.Json;
using MeaiRouter.Gateway.Tests.Accounts;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>What becomes of streams when the host stops.</summary>
public sealed class ShutdownTests : AccountTest
{
    [Fact]
    public async Task A_stream_under_way_is_finished_and_its_record_is_on_disk()
    {
        var release = new TaskCompletionSource();
        FirstScript.Always(Answer.HoldContentUntil(release.Task));
        string id;
        await using (var gateway = await StartAsync(Ledger))
        {
            var opening = gateway.OpenAsync(HttpMethod.Post, "/v1/chat/completions", JsonContent.Create(Hello(streaming: true)), Key);
            await First.WaitForRequestsAsync(1).WaitAsync(Patience);
            var stopping = gateway.StopAsync();
            Assert.False(stopping.IsCompleted);

            release.SetResult();
            using var response = await opening.WaitAsync(Patience);
            var answer = await HttpAnswer.ReadAsync(response);
            await stopping.WaitAsync(Patience);

            Assert.Equal(("Hello there", "[DONE]", AnswerCost), (answer.Text, answer.Events[^1], answer.Cost));
            id = answer.Id;
        }

        await using var next = await StartAsync(Ledger);
        var record = (await next.GetAsync($"/v1/generation?id={id}")).Json["data"]!;
        Assert.Equal((AnswerCost, "stop"), (Number(record["total_cost"]), (string)record["finish_reason"]!));
    }

    [Fact]
    public async Task A_stream_that_outlasts_the_shutdown_is_cut_off_and_what_it_used_is_on_disk()
    {
        FirstScript.Always(Reply.Chunks("one ", "two").StallAfter(1));
        string id;
        await using (var gateway = await StartAsync(Ledger, ("MeaiRouter:Gateway:ShutdownTimeout", "00:00:00.2")))
        {
            using var response = await gateway.OpenAsync(HttpMethod.Post, "/v1/chat/completions", JsonContent.Create(Hello(streaming: true)), Key);
            id = response.Headers.GetValues("X-Generation-Id").Single();
            await gateway.StopAsync().WaitAsync(Patience);
            await First.Requests[0].ClientAborted.WaitAsync(Patience);
        }

        await using var next = await StartAsync(Ledger);
        var record = (await next.GetAsync($"/v1/generation?id={id}")).Json["data"]!;
        Assert.Equal((true, true), ((bool)record["cancelled"]!, (bool)record["usage_is_estimated"]!));
    }
}
