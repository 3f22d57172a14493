namespace MeaiRouter.Gateway.Hosting;

/// <summary>Which web pages may call the gateway from a browser.</summary>
/// <param name="Origins">Their origins, such as <c>https://app.example.com</c>; <c>*</c> for all.</param>
/// <param name="MaxAge">How long a browser may remember the leave.</param>
internal sealed record CorsSettings(IReadOnlyList<string> Origins, TimeSpan MaxAge);
