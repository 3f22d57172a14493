namespace MeaiRouter.Testing;

/// <summary>A step that is chosen when the request is there.</summary>
internal sealed record ComputedStep(Func<ReceivedRequest, ScriptStep> Choose) : ScriptStep
{
    private protected override Transcript Compose(ReceivedRequest request) => Choose(request).Play(request);
}
