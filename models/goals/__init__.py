"""What the service policy asks people to keep: goals, operational figures, the self-assessment, the policy's check-list."""
