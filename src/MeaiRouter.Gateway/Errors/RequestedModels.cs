using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.Gateway.Errors;

/// <summary>What the request asked for, kept for the error that may answer it.</summary>
/// <param name="model">The model.</param>
/// <param name="models">Those to turn to instead.</param>
internal sealed class RequestedModels(string? model, IList<ModelEntry>? models)
{
    private IReadOnlyList<string>? _names;

    public static RequestedModels None { get; } = new(null, null);

    /// <summary>The names, each once. Put together only where somebody asks, because nearly every request is answered.</summary>
    public IReadOnlyList<string> Names => _names ??=
        [.. (models ?? []).Select(static entry => entry?.Model!).Prepend(model!).Where(static name => !string.IsNullOrWhiteSpace(name)).Distinct()];
}
