/** Answers an incident and reads again what there is. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answerIncident, type Answering } from './read-incidents.ts'

export function useAnswer(cityId: string) {
  const client = useQueryClient()
  return useMutation({ mutationFn: (answering: Answering) => answerIncident(cityId, answering), onSettled: () => client.invalidateQueries({ queryKey: ['incidents', cityId] }) })
}
