using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Hosts;

/// <summary>Options of a subclass reach the provider's client as that subclass, whatever happens on the way.</summary>
public sealed class OptionsTests
{
    private static readonly TimeSpan Soft = TimeSpan.FromSeconds(10);

    private readonly object _kernel = new();
    private readonly ManualTimeProvider _time = new();

    public static TheoryData<bool, bool> Ways => HostedPipeline.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call(bool registered, bool streaming)
    {
        var answering = FakeChatClient.Answering("Hello");
        await using var pipeline = HostedPipeline.Of(registered, _time, answering);
        var options = Options();

        await pipeline.Client.AskAsync(streaming, options);

        Verify(answering.Call, "large-a");
        Assert.Equal((TestPipeline.ModelId, null), (options.ModelId, options.AdditionalProperties));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_again_at_the_same_endpoint_and_then_at_another(bool registered, bool streaming)
    {
        var (failing, answering) = (
            FakeChatClient.Playing(new RouterException(FailureKind.ServerError, "A stumble.") { Status = 500 }), FakeChatClient.Answering("Hello"));
        await using var pipeline = HostedPipeline.Of(registered, _time, failing, answering);

        var response = await _time.Until(pipeline.Client.AskAsync(streaming, Options()));

        Assert.Equal(["a Failed ServerError", "a Failed ServerError", "b Answered"], response.Trace().Attempts.Told());
        Assert.All(failing.Calls, call => Verify(call, "large-a"));
        Verify(answering.Call, "large-b");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_beside_one_that_is_silent(bool registered, bool streaming)
    {
        var (silent, answering) = (FakeChatClient.Playing(Step.Silence), FakeChatClient.Answering("Hello"));
        await using var pipeline = HostedPipeline.Of(registered, _time, silent, answering);

        var asked = pipeline.Client.AskAsync(streaming, Options());
        await silent.CalledAsync();
        await _time.ArmedAsync(Soft);
        _time.Advance(Soft);
        var response = await asked;

        Assert.Equal("Hello", response.Text);
        Verify(silent.Call, "large-a");
        Verify(answering.Call, "large-b");
    }

    private KernelOptions Options() => new(_kernel) { ModelId = TestPipeline.ModelId };

    private void Verify(FakeCall call, string model)
    {
        var given = Assert.IsType<KernelOptions>(call.Given);
        Assert.Same(_kernel, given.Kernel);
        Assert.Equal((model, null), (given.ModelId, given.AdditionalProperties));
    }
}
