namespace MeaiRouter.Attempts;

/// <summary>One row of the table in <see cref="FailureKinds"/>.</summary>
/// <param name="Here">Whether the same endpoint may be tried again.</param>
/// <param name="Elsewhere">Whether another endpoint may be tried.</param>
/// <param name="CountsAgainstHealth">Whether the failure says something about the endpoint rather than about the request.</param>
/// <param name="MayHaveCost">Whether the provider may charge although the attempt failed, so that missing usage must be estimated.</param>
/// <param name="HttpStatus">The status with which the gateway answers.</param>
/// <param name="ErrorType">OpenRouter's <c>error_type</c>.</param>
public sealed record FailureConsequences(
    RetryHere Here, RetryElsewhere Elsewhere, bool CountsAgainstHealth, bool MayHaveCost, int HttpStatus, string ErrorType);
