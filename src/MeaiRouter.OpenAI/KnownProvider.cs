using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI;

/// <summary>A provider whose chat completions this library can call knowing nothing but a key.</summary>
/// <param name="Name">The name by which configuration refers to it.</param>
/// <param name="BaseUrl">The address of its public API, from its own documentation.</param>
/// <param name="KeyVariable">The environment variable that holds its key by custom; <see langword="null"/> where it wants none.</param>
/// <param name="Dialect">How it deviates from the common chat wire.</param>
/// <param name="Spelling">How it spells what others spell differently.</param>
public sealed record KnownProvider(string Name, Uri BaseUrl, string? KeyVariable, Dialect Dialect, RequestSpelling Spelling);
