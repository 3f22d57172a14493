namespace MeaiRouter.Gateway.Errors;

/// <summary>What the request asked for, kept for the error that may answer it.</summary>
internal sealed record RequestedModels(IReadOnlyList<string> Names)
{
    public static RequestedModels None { get; } = new([]);
}
