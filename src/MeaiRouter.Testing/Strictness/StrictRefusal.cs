namespace MeaiRouter.Testing;

/// <summary>Why a strict provider refused a request, and what it answered.</summary>
/// <param name="Rule">The name of the rule that was broken.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Message">The provider's words.</param>
/// <param name="Body">The whole body of the answer.</param>
public sealed record StrictRefusal(string Rule, int Status, string Message, string Body);
